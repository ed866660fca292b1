import type { Faults } from "../faults/faults.ts"
import type { Deliver } from "../webhooks/deliver.ts"
import { type Delivery, WebhookSender } from "../webhooks/webhookSender.ts"
import { stripeId } from "./ids.ts"
import { present } from "./present.ts"
import { signStripe } from "./signature.ts"
import type { StripeEvent } from "./wire.ts"

export { signStripe } from "./signature.ts"

export const apiVersion = "2026-10-28.endive"

export interface EventLogOptions {
  deliver?: Deliver | null | undefined
  webhookSecret: string
  livemode: boolean
  /** Named in each event, as for connected accounts. */
  account?: string | undefined
  faults: Faults
  retryAfter?: number[] | undefined
}

/** Every change of an account as Stripe's events, oldest first, and their delivery as signed webhooks. */
export class EventLog {
  readonly events: StripeEvent[] = []
  readonly webhooks: WebhookSender
  private readonly byId = new Map<string, StripeEvent>()
  private readonly livemode: boolean
  private readonly account: string | undefined
  private request: StripeEvent["request"] = { id: null, idempotency_key: null }

  constructor(options: EventLogOptions) {
    this.livemode = options.livemode
    this.account = options.account
    this.webhooks = new WebhookSender({
      deliver: options.deliver,
      sign: (body) => ({ "stripe-signature": signStripe(body, options.webhookSecret) }),
      faults: options.faults,
      retryAfter: options.retryAfter,
      onDelivered: (id) => {
        const event = this.byId.get(id)
        if (event) event.pending_webhooks = 0
      },
    })
  }

  add(
    type: string,
    object: Record<string, unknown>,
    created: number,
    previous?: Record<string, unknown> | null,
  ): StripeEvent {
    const event: StripeEvent = {
      id: stripeId("evt"),
      object: "event",
      ...(this.account && { account: this.account }),
      api_version: apiVersion,
      created,
      data: { object: present(object), ...(previous && { previous_attributes: structuredClone(previous) }) },
      livemode: this.livemode,
      pending_webhooks: this.webhooks.deliverer ? 1 : 0,
      request: this.request,
      type,
    }
    this.keep(event)
    const subject = typeof object.id === "string" ? object.id : ""
    this.webhooks.send({ id: event.id, type, subject, body: JSON.stringify(event) })
    return event
  }

  get(id: string): StripeEvent | undefined {
    return this.byId.get(id)
  }

  delivered(id: string): boolean {
    return this.webhooks.deliveries.get(id)?.status === "delivered"
  }

  get deliveries(): Delivery[] {
    return [...this.webhooks.deliveries.values()]
  }

  /** Runs `work`; the events it makes name the API request that caused them. */
  during<Result>(request: StripeEvent["request"], work: () => Result): Result {
    const before = this.request
    this.request = request
    try {
      return work()
    } finally {
      this.request = before
    }
  }

  settled(): Promise<void> {
    return this.webhooks.settled()
  }

  clear(): void {
    this.events.length = 0
    this.byId.clear()
    this.webhooks.clear()
  }

  save(): { events: StripeEvent[]; deliveries: Delivery[] } {
    const events = this.events.slice(-2000)
    const ids = new Set(events.map(({ id }) => id))
    return { events, deliveries: this.deliveries.filter(({ id }) => ids.has(id)) }
  }

  restore(state: { events: StripeEvent[]; deliveries: Delivery[] }): void {
    this.clear()
    for (const event of state.events) this.keep(event)
    for (const delivery of state.deliveries) {
      this.webhooks.deliveries.set(delivery.id, delivery)
      if (delivery.status === "pending") this.webhooks.resend(delivery.id)
    }
  }

  private keep(event: StripeEvent): void {
    this.events.push(event)
    this.byId.set(event.id, event)
  }
}
