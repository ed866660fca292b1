import { toAppError } from "../errors.ts"
import type { Logger } from "../log.ts"

/** What a caller is told of an error: code, message, request id. An unforeseen error is logged whole and told as such. */
export function errorResponse(thrown: unknown, log: Logger, requestId: string = crypto.randomUUID()): Response {
  const error = toAppError(thrown)
  const fields = { requestId, code: error.code, error: error.message, details: error.details }
  if (error.status >= 500)
    log.error("request failed", { ...fields, stack: error.stack, cause: String(error.cause ?? "") })
  else log.warn("request refused", fields)
  const message = error.code === "internal" ? "Something went wrong on our side; it has been recorded." : error.message
  return Response.json({ error: { code: error.code, message, requestId } }, { status: error.status })
}
