import { Refusal } from "../resend/refusal.ts"
import { StripeError } from "../stripe/stripeError.ts"

type FailureStatus = 429 | 500 | 503

/** A fault of each vendor in its own words. */
export const stripeFailure = (status: FailureStatus) => {
  const busy = new StripeError(429, "Request rate limit exceeded.", { code: "rate_limit" })
  const broken = new StripeError(500, "An unknown error occurred.", { type: "api_error" })
  const headers: Record<string, string> = status === 429 ? { "stripe-rate-limited-reason": "global-concurrency" } : {}
  return Response.json((status === 429 ? busy : broken).body(), { status, headers })
}

export const resendFailure = (status: FailureStatus) => {
  const busy = new Refusal(429, "rate_limit_exceeded", "Too many requests. Please slow down.")
  const broken = new Refusal(500, "internal_server_error", "An unexpected error occurred.")
  const headers: Record<string, string> = status === 429 ? { "retry-after": "1" } : {}
  return Response.json((status === 429 ? busy : broken).body(), { status, headers })
}

export const discordFailure = (status: FailureStatus) => {
  if (status === 503) return new Response("upstream connect error or disconnect/reset before headers", { status })
  if (status === 500) return Response.json({ message: "500: Internal Server Error", code: 0 }, { status })
  const headers = { "retry-after": "1", "x-ratelimit-scope": "user" }
  return Response.json({ message: "You are being rate limited.", retry_after: 1, global: false }, { status, headers })
}
