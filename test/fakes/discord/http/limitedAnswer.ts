import type { DiscordContext } from "./endpoint.ts"
import type { Limited } from "./rateLimits.ts"

export function limitedAnswer(c: DiscordContext, { scope, retryAfter }: Limited): Response {
  const retry_after = Math.ceil(retryAfter * 1000) / 1000
  const message = scope === "shared" ? "The resource is being rate limited." : "You are being rate limited."
  return c.json({ message, retry_after, global: scope === "global" }, 429, {
    "retry-after": String(Math.ceil(retry_after)),
    "x-ratelimit-scope": scope,
    ...(scope === "global" && { "x-ratelimit-global": "true" }),
  })
}
