import type { HttpBindings } from "@hono/node-server"
import type { Context, Next } from "hono"

export type FaultKind = "latency" | "timeoutAfterAcceptance" | "tooManyRequests" | "serverError" | "droppedConnection"

export interface FaultSettings {
  /** Probability from 0 to 1 of each. */
  rates: Record<FaultKind, number>
  latencyMilliseconds: number
}

export interface WebhookFaults {
  off: boolean
  /** Probability that a webhook is delivered twice. */
  duplicate: number
  /** Hold this many webhooks back and deliver them shuffled; 0 for in order. */
  reorder: number
}

const none = (): Record<FaultKind, number> => ({
  latency: 0,
  timeoutAfterAcceptance: 0,
  tooManyRequests: 0,
  serverError: 0,
  droppedConnection: 0,
})

/** Misbehaviour of one vendor, drawn from a seeded generator so that a run can be repeated. */
export class Faults {
  settings: FaultSettings = { rates: none(), latencyMilliseconds: 300 }
  webhooks: WebhookFaults = { off: false, duplicate: 0, reorder: 0 }
  private state: number

  constructor(seed: number) {
    this.state = seed >>> 0
  }

  set(change: {
    rates?: Partial<Record<FaultKind, number>>
    latencyMilliseconds?: number
    webhooks?: Partial<WebhookFaults>
  }): void {
    Object.assign(this.settings.rates, change.rates)
    if (change.latencyMilliseconds !== undefined) this.settings.latencyMilliseconds = change.latencyMilliseconds
    Object.assign(this.webhooks, change.webhooks)
  }

  clear(): void {
    this.settings.rates = none()
    this.webhooks = { off: false, duplicate: 0, reorder: 0 }
  }

  /** mulberry32: small, and the same on every machine. */
  random(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  happens(probability: number): boolean {
    return probability > 0 && this.random() < probability
  }

  shuffle<Item>(items: Item[]): Item[] {
    return items
      .map((item) => ({ item, at: this.random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item)
  }

  /** Around a vendor's routes. `refuse` makes the vendor's own body for an error status. */
  middleware(refuse: (status: 429 | 500) => Response) {
    return async (c: Context<{ Bindings: HttpBindings }>, next: Next): Promise<Response | undefined> => {
      const { rates, latencyMilliseconds } = this.settings
      if (this.happens(rates.latency)) await new Promise((resolve) => setTimeout(resolve, latencyMilliseconds))
      if (this.happens(rates.droppedConnection)) return this.drop(c)
      if (this.happens(rates.tooManyRequests)) return refuse(429)
      if (this.happens(rates.serverError)) return refuse(500)
      await next()
      return this.happens(rates.timeoutAfterAcceptance) ? this.drop(c) : undefined
    }
  }

  private drop(c: Context<{ Bindings: HttpBindings }>): Response {
    c.env.outgoing.destroy()
    const gone = new Response(null)
    c.res = gone
    return gone
  }
}
