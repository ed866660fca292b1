/** Every way an operation can fail. The code alone decides what a caller, a queue and a job run make of it. */
export type ErrorCode =
  | "bad_request"
  | "unauthenticated"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "too_large"
  | "unsupported_media_type"
  | "rate_limited"
  | "vendor_rejected"
  | "vendor_unavailable"
  | "misconfigured"
  | "internal"

type Consequence = { status: number; retry: boolean }

const consequences: Record<ErrorCode, Consequence> = {
  bad_request: { status: 400, retry: false },
  unauthenticated: { status: 401, retry: false },
  forbidden: { status: 403, retry: false },
  not_found: { status: 404, retry: false },
  method_not_allowed: { status: 405, retry: false },
  conflict: { status: 409, retry: true },
  too_large: { status: 413, retry: false },
  unsupported_media_type: { status: 415, retry: false },
  rate_limited: { status: 429, retry: true },
  vendor_rejected: { status: 502, retry: false },
  vendor_unavailable: { status: 503, retry: true },
  misconfigured: { status: 500, retry: false },
  internal: { status: 500, retry: true },
}

/** The one error of this code base. `message` names what was wrong, with which value, and what to do. */
export class AppError extends Error {
  override readonly name = "AppError"
  readonly code: ErrorCode
  readonly details: Record<string, unknown>

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, { cause: options.cause })
    this.code = code
    this.details = options.details ?? {}
  }

  get status(): number {
    return consequences[this.code].status
  }

  /** Whether the same attempt may succeed later: a queue message is retried, a failed event tried again. */
  get retry(): boolean {
    return consequences[this.code].retry
  }
}

/** Anything thrown, as an AppError; what we did not foresee is `internal`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError("internal", message, { cause: thrown })
}
