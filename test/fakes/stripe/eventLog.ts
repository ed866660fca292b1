import { createHmac } from "node:crypto"
import type { Faults } from "../faults/faults.ts"
import { type StripeObject, stripeId } from "./json.ts"

export const apiVersion = "2026-10-28.endive"

export interface WebhookAnswer {
  ok: boolean
  status: number
  text(): Promise<string>
}

/** Posts a webhook; how, the server decides. */
export type Deliver = (request: {
  method: "POST"
  headers: Record<string, string>
  body: string
}) => Promise<WebhookAnswer>

export interface Delivery {
  eventId: string
  type: string
  /** Of the event, by Stripe's clock. */
  created: number
  status: "pending" | "delivered" | "failed" | "withheld"
  attempts: number
  lastAnswer: string
}

/** Events of Stripe and their delivery as signed webhooks, in order unless a fault says otherwise. */
export class EventLog {
  readonly events: (StripeObject & { type: string })[] = []
  readonly deliveries: Delivery[] = []
  private readonly options: { deliver: Deliver | null; webhookSecret: string; livemode: boolean; faults: Faults }
  private readonly underway = new Set<Promise<void>>()
  private held: string[] = []

  constructor(options: { deliver: Deliver | null; webhookSecret: string; livemode: boolean; faults: Faults }) {
    this.options = options
  }

  add(type: string, object: StripeObject, created: number, previous?: Record<string, unknown>): void {
    const event = {
      id: stripeId("evt"),
      object: "event",
      api_version: apiVersion,
      created,
      data: { object: structuredClone(object), ...(previous && { previous_attributes: structuredClone(previous) }) },
      livemode: this.options.livemode,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    }
    this.events.push(event)
    this.deliveries.push({ eventId: event.id, type, created, status: "pending", attempts: 0, lastAnswer: "" })
    this.schedule(event.id)
  }

  /** Delivers again what was delivered, or was withheld. */
  resend(eventId: string): void {
    this.start(eventId)
  }

  /** Until every delivery under way has its answer. */
  async settled(): Promise<void> {
    this.flush()
    while (this.underway.size > 0) await Promise.all(this.underway)
  }

  private schedule(eventId: string): void {
    const { faults, deliver } = this.options
    const delivery = this.deliveries.find((each) => each.eventId === eventId)
    if (!deliver || faults.webhooks.off) {
      if (delivery) delivery.status = "withheld"
      return
    }
    if (faults.webhooks.reorder === 0) {
      this.start(eventId)
      return
    }
    this.held.push(eventId)
    if (this.held.length >= faults.webhooks.reorder) this.flush()
  }

  private flush(): void {
    const held = this.options.faults.shuffle(this.held)
    this.held = []
    for (const id of held) this.start(id)
  }

  private start(eventId: string): void {
    const copies = this.options.faults.happens(this.options.faults.webhooks.duplicate) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const work: Promise<void> = this.deliver(eventId).finally(() => this.underway.delete(work))
      this.underway.add(work)
    }
  }

  private async deliver(eventId: string): Promise<void> {
    const event = this.events.find(({ id }) => id === eventId)
    const delivery = this.deliveries.find((each) => each.eventId === eventId)
    const { deliver, webhookSecret } = this.options
    if (!event || !delivery || !deliver) return
    const body = JSON.stringify(event)
    for (let attempt = 0; attempt < 6; attempt++) {
      delivery.attempts++
      try {
        const response = await deliver({
          method: "POST",
          headers: { "content-type": "application/json", "stripe-signature": signStripe(body, webhookSecret) },
          body,
        })
        delivery.lastAnswer = `${response.status} ${(await response.text()).slice(0, 200)}`
        if (response.ok) {
          delivery.status = "delivered"
          return
        }
      } catch (error) {
        delivery.lastAnswer = String(error)
      }
      await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt))
    }
    delivery.status = "failed"
  }
}

/** The Stripe-Signature header of a body, stamped with the time on the wall. */
export function signStripe(body: string, secret: string, at = Math.floor(Date.now() / 1000)): string {
  return `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`
}
