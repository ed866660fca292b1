import { toAppError } from "../../shared/errors.ts"

/** What a caller is told of an error; of one that we did not foresee only that it was. */
export function errorAnswer(thrown: unknown, told: { requestId: string; docs: string }) {
  const error = toAppError(thrown)
  const ours = error.code === "internal" || error.code === "misconfigured"
  const message = ours ? "Something went wrong on our side; it has been recorded." : error.message
  const { requestId, docs } = told
  return {
    error,
    body: JSON.stringify({ error: { code: error.code, message, docs: `${docs}#errors`, requestId } }),
  }
}
