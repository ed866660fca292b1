import { createHash } from "node:crypto"

export interface Limited {
  scope: "user" | "global" | "shared"
  /** Seconds. */
  retryAfter: number
}

export interface Verdict {
  headers: Record<string, string>
  refused: Limited | null
}

export interface LimitedRoute {
  method: string
  /** With `:id` for every id but the major one, as `/channels/:major/messages/:id`. */
  template: string
  major: string
  /** Answers to interactions do not count for the limit of all requests together. */
  global: boolean
}

interface Window {
  count: number
  resetAt: number
}

/** Requests per seconds; as seen of Discord, which documents none and says so in headers. */
const known: Record<string, readonly [limit: number, seconds: number]> = {
  "POST /channels/:major/messages": [5, 5],
  "PATCH /channels/:major/messages/:id": [5, 5],
  "DELETE /channels/:major/messages/:id": [5, 1],
  "GET /channels/:major/messages": [5, 1],
  "PATCH /channels/:major": [10, 15],
  "POST /channels/:major/threads": [50, 300],
}
const webhook = [5, 2] as const
const read = [10, 1] as const
const written = [10, 10] as const

/** Name and topic each have a limit of their own that no header tells before it is met. */
const hidden = { limit: 2, seconds: 600 }

/** Discord's rate limits: per route and channel, guild or webhook; of all requests together; and the hidden one. */
export class RateLimits {
  enabled = true
  /** Of all requests together; 0 for no limit. */
  perSecond = 50
  private readonly windows = new Map<string, Window>()
  /** Channels, guilds and webhooks that others have used up, and until when. */
  private readonly exhausted = new Map<string, number>()
  private readonly now: () => Date

  constructor(now: () => Date) {
    this.now = now
  }

  take(route: LimitedRoute): Verdict {
    if (!this.enabled) return { headers: {}, refused: null }
    const all = route.global && this.perSecond > 0 ? this.count("global", this.perSecond, 1) : null
    if (all?.over) return { headers: {}, refused: { scope: "global", retryAfter: all.wait } }
    const others = (this.exhausted.get(route.major) ?? 0) - this.now().getTime()
    if (others > 0) return { headers: {}, refused: { scope: "shared", retryAfter: others / 1000 } }
    const name = `${route.method} ${route.template}`
    const [limit, seconds] = this.rule(route)
    const bucket = this.count(`${name} ${route.major}`, limit, seconds)
    const resetAt = this.now().getTime() / 1000 + bucket.wait
    const headers = {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - bucket.used)),
      "x-ratelimit-reset": resetAt.toFixed(3),
      "x-ratelimit-reset-after": bucket.wait.toFixed(3),
      "x-ratelimit-bucket": createHash("md5").update(name).digest("hex"),
    }
    return { headers, refused: bucket.over ? { scope: "user", retryAfter: bucket.wait } : null }
  }

  /** Other applications use up a channel, guild or webhook for some seconds. */
  exhaust(major: string, seconds: number): void {
    this.exhausted.set(major, this.now().getTime() + seconds * 1000)
  }

  /** A change of a channel's name or topic. */
  takeHidden(channel: string, field: "name" | "topic"): Limited | null {
    if (!this.enabled) return null
    const { over, wait } = this.count(`${field} of ${channel}`, hidden.limit, hidden.seconds)
    return over ? { scope: "user", retryAfter: wait } : null
  }

  clear(): void {
    this.windows.clear()
    this.exhausted.clear()
    this.enabled = true
    this.perSecond = 50
  }

  private rule({ method, template }: LimitedRoute): readonly [number, number] {
    if (template.startsWith("/webhooks")) return webhook
    return known[`${method} ${template}`] ?? (method === "GET" ? read : written)
  }

  private count(key: string, limit: number, seconds: number): { over: boolean; used: number; wait: number } {
    const now = this.now().getTime()
    const old = this.windows.get(key)
    const window = old && old.resetAt > now ? old : { count: 0, resetAt: now + seconds * 1000 }
    this.windows.set(key, window)
    const over = window.count >= limit
    if (!over) window.count++
    return { over, used: window.count, wait: (window.resetAt - now) / 1000 }
  }
}
