import type { DiscordContext } from "./endpoint.ts"

/** What Cloudflare answers to a request without a proper User-Agent. */
export const blockedPage = (c: DiscordContext) =>
  c.html("<!DOCTYPE html><html><head><title>Access denied</title></head><body>error code: 1010</body></html>", 403)

/** And to an address that was refused too often. */
export const bannedPage = (c: DiscordContext) =>
  c.html("<!DOCTYPE html><html><head><title>Rate limited</title></head><body>error code: 1015</body></html>", 429, {
    "retry-after": "3600",
  })
