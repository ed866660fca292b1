export type LogFields = Record<string, unknown>

export interface Logger {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** The same logger with fields that every line carries. */
  with(fields: LogFields): Logger
}

/** One JSON object a line, as Workers Logs indexes them. */
export function createLogger(fields: LogFields): Logger {
  const write = (sink: (line: string) => void, level: string) => (message: string, extra?: LogFields) =>
    sink(JSON.stringify({ level, message, ...fields, ...extra }))
  return {
    info: write(console.log, "info"),
    warn: write(console.warn, "warn"),
    error: write(console.error, "error"),
    with: (more) => createLogger({ ...fields, ...more }),
  }
}

export const silentLogger: Logger = {
  info() {},
  warn() {},
  error() {},
  with: () => silentLogger,
}
