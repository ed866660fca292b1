export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 422 | 429 | 500

/** A refusal in the shape of Resend's errors. */
export class Refusal extends Error {
  readonly statusCode: RefusalStatus
  readonly code: string
  readonly retryAfter: number | undefined

  constructor(statusCode: RefusalStatus, code: string, message: string, retryAfter?: number) {
    super(message)
    this.statusCode = statusCode
    this.code = code
    this.retryAfter = retryAfter
  }

  body() {
    return { statusCode: this.statusCode, name: this.code, message: this.message }
  }
}
