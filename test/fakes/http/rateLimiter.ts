export interface Ticket {
  allowed: boolean
  remaining: number
  /** Seconds until there is room again. */
  reset: number
}

/** So many requests in any second; 0 for no limit. */
export class RateLimiter {
  perSecond: number
  private recent: number[] = []

  constructor(perSecond: number) {
    this.perSecond = perSecond
  }

  take(now = performance.now()): Ticket {
    if (this.unlimited) return { allowed: true, remaining: 1_000_000, reset: 1 }
    const first = this.recent.findIndex((at) => now - at < 1000)
    this.recent = first < 0 ? [] : this.recent.slice(first)
    const allowed = this.recent.length < this.perSecond
    if (allowed) this.recent.push(now)
    const wait = 1000 - (now - (this.recent[0] ?? now))
    return { allowed, remaining: Math.max(0, this.perSecond - this.recent.length), reset: Math.ceil(wait / 1000) }
  }

  get unlimited(): boolean {
    return this.perSecond <= 0 || this.perSecond === Number.POSITIVE_INFINITY
  }
}
