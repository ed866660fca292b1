import type { ContentfulStatusCode } from "hono/utils/http-status"

export interface FieldProblem {
  path: readonly (string | number)[]
  code: string
  message: string
}

/** What Discord answers instead of doing it. */
export class DiscordError extends Error {
  readonly status: ContentfulStatusCode
  readonly code: number
  readonly fields: readonly FieldProblem[]

  constructor(status: ContentfulStatusCode, code: number, message: string, fields: readonly FieldProblem[] = []) {
    super(message)
    this.status = status
    this.code = code
    this.fields = fields
  }

  body(): Record<string, unknown> {
    const { message, code } = this
    return this.fields.length === 0 ? { message, code } : { message, code, errors: nested(this.fields) }
  }
}

export const unknown = {
  channel: () => new DiscordError(404, 10003, "Unknown Channel"),
  guild: () => new DiscordError(404, 10004, "Unknown Guild"),
  member: () => new DiscordError(404, 10007, "Unknown Member"),
  message: () => new DiscordError(404, 10008, "Unknown Message"),
  overwrite: () => new DiscordError(404, 10009, "Unknown Overwrite"),
  role: () => new DiscordError(404, 10011, "Unknown Role"),
  user: () => new DiscordError(404, 10013, "Unknown User"),
  webhook: () => new DiscordError(404, 10015, "Unknown Webhook"),
  interaction: () => new DiscordError(404, 10062, "Unknown interaction"),
  command: () => new DiscordError(404, 10063, "Unknown application command"),
}

export const missingAccess = () => new DiscordError(403, 50001, "Missing Access")
export const missingPermissions = () => new DiscordError(403, 50013, "Missing Permissions")
export const emptyMessage = () => new DiscordError(400, 50006, "Cannot send an empty message")

export const invalidForm = (...fields: FieldProblem[]) => new DiscordError(400, 50035, "Invalid Form Body", fields)

/** `a.0.b` with its problems at the end, as Discord nests them. */
function nested(fields: readonly FieldProblem[]): Record<string, unknown> {
  const own = fields.filter(({ path }) => path.length === 0).map(({ code, message }) => ({ code, message }))
  const below = Map.groupBy(
    fields.filter(({ path }) => path.length > 0),
    ({ path }) => String(path[0]),
  )
  const children = [...below].map(([name, problems]) => [
    name,
    nested(problems.map((problem) => ({ ...problem, path: problem.path.slice(1) }))),
  ])
  return { ...Object.fromEntries(children), ...(own.length > 0 && { _errors: own }) }
}
