import { type ErrorCode, toAppError } from "../../shared/errors.ts"

/** Errors whose message is meant for whoever asked; others tell of our own affairs. */
const told: readonly ErrorCode[] = ["bad_request", "forbidden", "not_found", "conflict", "too_large", "rate_limited"]

/** Whether it says what is wrong with what somebody did, so that doing it again changes nothing. */
export const isTold = (thrown: unknown): boolean => told.includes(toAppError(thrown).code)

/** What a Discord user is told of an error; the reference finds the line of the log. */
export function failureText(thrown: unknown, requestId: string): string {
  if (isTold(thrown)) return toAppError(thrown).message
  return `Something went wrong on our side and has been recorded. Please try again in a moment. Reference: ${requestId}`
}
