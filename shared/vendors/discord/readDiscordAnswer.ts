import type { DiscordAnswer } from "./discordLimits.ts"

const longestRetry = 24 * 3600

/** Status, limits and JSON of an answer. What is no JSON, as the pages of Cloudflare in front of Discord, is null. */
export async function readDiscordAnswer(response: Response): Promise<DiscordAnswer & { json: unknown }> {
  const { status, headers } = response
  const text = await response.text()
  const json = parsed(text)
  return { status, json, bucket: bucketOf(headers), refusal: status === 429 ? refusalOf(headers, json) : null }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function bucketOf(headers: Headers): DiscordAnswer["bucket"] {
  const id = headers.get("x-ratelimit-bucket")
  const limit = numberOf(headers.get("x-ratelimit-limit"))
  const remaining = numberOf(headers.get("x-ratelimit-remaining"))
  const resetAfter = numberOf(headers.get("x-ratelimit-reset-after"))
  if (id === null || limit === null || remaining === null || resetAfter === null) return null
  return { id, limit, remaining, resetAfter: resetAfter * 1000 }
}

function refusalOf(headers: Headers, json: unknown): NonNullable<DiscordAnswer["refusal"]> {
  const body = typeof json === "object" && json !== null ? json : {}
  const told: unknown = Reflect.get(body, "retry_after")
  const seconds = (typeof told === "number" && told >= 0 ? told : numberOf(headers.get("retry-after"))) ?? 1
  const scope = headers.get("x-ratelimit-scope")
  // Without Discord's own words it is Cloudflare that refuses, everything.
  const everything = Reflect.get(body, "global") === true || headers.has("x-ratelimit-global") || told === undefined
  return {
    retryAfter: Math.ceil(Math.min(seconds, longestRetry) * 1000),
    scope: everything ? "global" : scope === "shared" ? "shared" : "user",
  }
}

function numberOf(header: string | null): number | null {
  const value = Number(header)
  return header && Number.isFinite(value) && value >= 0 ? value : null
}
