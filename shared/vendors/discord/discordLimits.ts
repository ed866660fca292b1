import type { DiscordRoute } from "./discordRoute.ts"

/** What an answer told, times in milliseconds. */
export interface DiscordAnswer {
  status: number
  /** Null where there was no answer. */
  bucket: { id: string; limit: number; remaining: number; resetAfter: number } | null
  /** Of a 429. */
  refusal: { retryAfter: number; scope: "user" | "global" | "shared" } | null
}

/**
 * What is known of Discord's limits: plain numbers, so that requests of one isolate may share them. Nothing depends on it
 * but how often Discord has to refuse. Times are milliseconds since 1970.
 */
export interface DiscordLimits {
  /** Until when a request has to wait; now or earlier: it may be made. */
  freeAt(route: DiscordRoute): number
  /** A request is being made. Every call is followed by one of `answered`. */
  take(route: DiscordRoute, now: number): void
  answered(route: DiscordRoute, answer: DiscordAnswer, now: number): void
  /** Until when a request is not made because of what Discord has refused, and why; null: go on. */
  stopped(route: DiscordRoute, now: number): { until: number; why: string } | null
}

interface Bucket {
  limit: number
  remaining: number
  resetAt: number
}

/** Of all requests together; Discord documents 50. */
const globalPerSecond = 45
/** Discord bans an address after 10,000 refusals in this time, and many isolates share one. */
const refusalWindow = 600_000
/** While the first request of a bucket is under way, the others wait this long for what it tells. */
const probeTime = 1000
/** What a bucket is taken to hold when that has told nothing in time. */
const unnamedLimit = 5
/** A token that is wrong is not tried again by everybody at once. */
const tokenPause = 60_000
/** While one request tries it again, the others wait this long for what comes of it. */
const tokenProbe = 10_000
const bucketsKept = 2000

export function createDiscordLimits(options: { refusalsAllowed?: number } = {}): DiscordLimits {
  const { refusalsAllowed = 500 } = options
  const buckets = new Map<string, Bucket>()
  /** Bucket that Discord named for a route, and how much it holds. */
  const named = new Map<string, { id: string; limit: number }>()
  const blocked = new Map<string, number>()
  let globalUntil = 0
  let second = { startsAt: 0, requests: 0 }
  let refusals: number[] = []
  let tokenRefused = false
  let tokenRefusedUntil = 0

  const bucketKey = ({ name, major }: DiscordRoute) => `${named.get(name)?.id ?? name} ${major}`
  const routeKey = ({ name, major }: DiscordRoute) => `${name} ${major}`

  const forget = (now: number) => {
    for (const [key, { resetAt }] of buckets) if (resetAt <= now) buckets.delete(key)
    for (const [key, until] of blocked) if (until <= now) blocked.delete(key)
  }

  return {
    freeAt(route) {
      const bucket = buckets.get(bucketKey(route))
      const bucketFree = bucket && bucket.remaining < 1 ? bucket.resetAt : 0
      const blockedUntil = blocked.get(routeKey(route)) ?? 0
      if (route.interaction) return Math.max(bucketFree, blockedUntil)
      const secondOver = second.requests >= globalPerSecond ? second.startsAt + 1000 : 0
      return Math.max(bucketFree, blockedUntil, globalUntil, secondOver)
    },

    take(route, now) {
      if (now >= second.startsAt + 1000) second = { startsAt: now, requests: 0 }
      if (!route.interaction) second.requests++
      if (tokenRefused && !route.interaction) tokenRefusedUntil = now + tokenProbe
      const key = bucketKey(route)
      const bucket = buckets.get(key)
      if (bucket && now < bucket.resetAt) bucket.remaining--
      else {
        const limit = named.get(route.name)?.limit ?? (bucket ? unnamedLimit : 1)
        buckets.set(key, { limit, remaining: limit - 1, resetAt: now + probeTime })
      }
      if (buckets.size > bucketsKept) forget(now)
    },

    answered(route, { status, bucket, refusal }, now) {
      const before = buckets.get(bucketKey(route))
      if (bucket) {
        named.set(route.name, { id: bucket.id, limit: bucket.limit })
        const resetAt = now + bucket.resetAfter
        // Within one window, what is under way may not have been counted yet.
        const sameWindow = before && before.limit === bucket.limit && Math.abs(before.resetAt - resetAt) < 500
        const remaining = sameWindow ? Math.min(before.remaining, bucket.remaining) : bucket.remaining
        buckets.set(bucketKey(route), { limit: bucket.limit, remaining, resetAt })
      } else if (before && !named.has(route.name)) buckets.delete(bucketKey(route))
      if (refusal) {
        const until = now + refusal.retryAfter
        if (refusal.scope === "global") globalUntil = Math.max(globalUntil, until)
        else blocked.set(routeKey(route), until)
      }
      if ([401, 403].includes(status) || (refusal && refusal.scope !== "shared")) {
        refusals = [...refusals.filter((at) => at > now - refusalWindow), now]
      }
      // What Cloudflare answers by itself says nothing of the token.
      if (route.interaction || status === 0 || status === 429 || status >= 500) return
      tokenRefused = status === 401
      tokenRefusedUntil = tokenRefused ? now + tokenPause : 0
    },

    stopped(route, now) {
      // Answers to interactions take no token of the bot's.
      if (!route.interaction && tokenRefusedUntil > now)
        return { until: tokenRefusedUntil, why: "it has refused the token; check DISCORD_BOT_TOKEN" }
      const oldest = refusals.filter((at) => at > now - refusalWindow).at(-refusalsAllowed)
      if (oldest === undefined) return null
      return { until: oldest + refusalWindow, why: "it has refused too many requests, and bans who goes on" }
    },
  }
}
