import { defaultCatalogue } from "./catalogue.ts"
import { type CardBehaviour, customer as newCustomer, paymentMethod as newPaymentMethod } from "./customers.ts"
import type { EventLog } from "./eventLog.ts"
import { invoice as newInvoice } from "./invoices.ts"
import type { StripeObject } from "./json.ts"
import * as payments from "./payments.ts"
import { intervalOf, subscription as newSubscription, periodEnd } from "./subscriptions.ts"

const day = 86_400
/** Days after the first failure at which the card is tried again; after the last the subscription ends. */
const retryAfterDays = [3, 5, 7]

export const objectKinds = [
  "customer",
  "product",
  "price",
  "payment_method",
  "subscription",
  "invoice",
  "invoice_payment",
  "payment_intent",
  "charge",
  "refund",
  "dispute",
] as const
export type ObjectKind = (typeof objectKinds)[number]

export interface WorldState {
  objects: StripeObject[]
  cards: [string, CardBehaviour][]
  failedSince: [string, number][]
  offset: number
}

/** The objects of a small Stripe account, what happens to them, and a clock that can be moved forward. */
export class StripeWorld {
  private readonly objects = new Map<string, StripeObject>()
  private readonly cards = new Map<string, CardBehaviour>()
  /** First failure of an open invoice. */
  private readonly failedSince = new Map<string, number>()
  private offset = 0
  private readonly log: EventLog
  private readonly hostedUrl: (id: string) => string
  private readonly wall: () => Date

  constructor(options: { log: EventLog; hostedUrl: (id: string) => string; wall: () => Date }) {
    this.log = options.log
    this.hostedUrl = options.hostedUrl
    this.wall = options.wall
    this.reset()
  }

  reset(): void {
    this.objects.clear()
    this.cards.clear()
    this.failedSince.clear()
    this.offset = 0
    const { products, prices } = defaultCatalogue(this.now() - 90 * day)
    for (const object of [...products, ...prices]) this.objects.set(object.id, object)
  }

  save(): WorldState {
    return {
      objects: [...this.objects.values()],
      cards: [...this.cards],
      failedSince: [...this.failedSince],
      offset: this.offset,
    }
  }

  restore(state: WorldState): void {
    for (const object of state.objects) this.objects.set(object.id, object)
    for (const [id, behaviour] of state.cards) this.cards.set(id, behaviour)
    for (const [id, since] of state.failedSince) this.failedSince.set(id, since)
    this.offset = state.offset
  }

  /** Seconds since 1970 by Stripe's clock. */
  now(): number {
    return Math.floor(this.wall().getTime() / 1000) + this.offset
  }

  get(id: string): StripeObject | undefined {
    return this.objects.get(id)
  }

  all(kind: ObjectKind): StripeObject[] {
    return [...this.objects.values()].filter(({ object }) => object === kind)
  }

  cardOf(customerId: string): CardBehaviour | undefined {
    return this.cards.get(customerId)
  }

  // What a player does

  createCustomer(input: {
    email: string | null
    name: string | null
    country?: string | null
    currency?: string
  }): StripeObject {
    const created = newCustomer({
      email: input.email,
      name: input.name,
      country: input.country ?? null,
      currency: input.currency ?? null,
      created: this.now(),
    })
    return this.add("customer.created", created)
  }

  updateCustomer(id: string, change: Record<string, unknown>): StripeObject {
    return this.change(this.need(id), change, "customer.updated")
  }

  deleteCustomer(id: string): void {
    const gone = this.need(id)
    for (const subscription of this.subscriptionsOf(id))
      if (!isEnded(subscription)) this.end(subscription, "cancellation_requested")
    this.objects.delete(id)
    this.log.add("customer.deleted", gone, this.now())
    this.objects.set(id, { id, object: "customer", created: gone.created, deleted: true })
  }

  addCard(customerId: string, behaviour: CardBehaviour): StripeObject {
    const card = newPaymentMethod({ customer: customerId, created: this.now() })
    this.cards.set(customerId, behaviour)
    return this.add("payment_method.attached", card)
  }

  setCard(customerId: string, behaviour: CardBehaviour): void {
    this.cards.set(customerId, behaviour)
  }

  subscribe(input: {
    customer: string
    price: string
    quantity?: number
    trialDays?: number
    card?: CardBehaviour | null
  }): StripeObject {
    const customer = this.need(input.customer)
    const price = this.need(input.price)
    const behaviour = input.card === undefined ? "works" : input.card
    const method = behaviour ? this.addCard(customer.id, behaviour) : null
    const trialEnd = input.trialDays ? this.now() + input.trialDays * day : null
    const quantity = input.quantity ?? 1
    const created = newSubscription({
      customer: customer.id,
      price,
      quantity,
      status: trialEnd === null ? "incomplete" : "trialing",
      trialEnd,
      paymentMethod: method?.id ?? null,
      created: this.now(),
    })
    const subscription = this.add("customer.subscription.created", created)
    if (trialEnd === null) this.bill(subscription, "subscription_create")
    return subscription
  }

  cancel(
    subscriptionId: string,
    options: { atPeriodEnd?: boolean; feedback?: string; comment?: string } = {},
  ): StripeObject {
    const subscription = this.need(subscriptionId)
    const details = {
      comment: options.comment ?? null,
      feedback: options.feedback ?? null,
      reason: "cancellation_requested",
    }
    if (!options.atPeriodEnd) return this.end(subscription, "cancellation_requested", details)
    const cancelAt = currentPeriodEnd(subscription)
    return this.change(
      subscription,
      { cancel_at: cancelAt, cancel_at_period_end: true, canceled_at: this.now(), cancellation_details: details },
      "customer.subscription.updated",
    )
  }

  resume(subscriptionId: string): StripeObject {
    const nothing = { comment: null, feedback: null, reason: null }
    return this.change(
      this.need(subscriptionId),
      { cancel_at: null, cancel_at_period_end: false, canceled_at: null, cancellation_details: nothing },
      "customer.subscription.updated",
    )
  }

  pauseCollection(subscriptionId: string, pause: boolean): StripeObject {
    return this.change(
      this.need(subscriptionId),
      { pause_collection: pause ? { behavior: "void", resumes_at: null } : null },
      "customer.subscription.updated",
    )
  }

  changePlan(subscriptionId: string, priceId: string): StripeObject {
    const subscription = this.need(subscriptionId)
    const price = this.need(priceId)
    const before = subscription.items
    const items = structuredClone(before)
    const [item] = itemsOf({ items })
    if (item) Object.assign(item, { price })
    return this.change(subscription, { items }, "customer.subscription.updated")
  }

  /** Lets the running period (or trial) end now. */
  renewNow(subscriptionId: string): void {
    const subscription = this.need(subscriptionId)
    this.setPeriod(subscription, this.now())
    if (subscription.status === "trialing") this.endTrial(subscription)
    else this.renew(subscription)
  }

  /** Tries to collect an open invoice. */
  pay(invoiceId: string): StripeObject {
    const invoice = this.need(invoiceId)
    if (invoice.status === "open") this.collect(invoice)
    return invoice
  }

  refund(chargeId: string, amount?: number): StripeObject {
    const charge = this.need(chargeId)
    const refunded = payments.refund({ charge, amount: amount ?? Number(charge.amount), created: this.now() })
    this.add("refund.created", refunded)
    const total = Number(charge.amount_refunded) + Number(refunded.amount)
    this.change(charge, { amount_refunded: total, refunded: total >= Number(charge.amount) }, "charge.refunded")
    return refunded
  }

  dispute(chargeId: string): StripeObject {
    const charge = this.need(chargeId)
    const opened = this.add("charge.dispute.created", payments.dispute({ charge, created: this.now() }))
    this.change(charge, { disputed: true }, "charge.updated")
    return opened
  }

  closeDispute(disputeId: string, status: "won" | "lost"): StripeObject {
    return this.change(this.need(disputeId), { status }, "charge.dispute.closed")
  }

  /** Moves the clock and does, in order, what falls due on the way. */
  advanceClock(seconds: number): void {
    const target = this.now() + seconds
    for (;;) {
      const next = this.nextDue()
      if (next === null || next.at > target) break
      this.offset += Math.max(0, next.at - this.now())
      next.run()
    }
    this.offset += Math.max(0, target - this.now())
  }

  // What time does

  private nextDue(): { at: number; run: () => void } | null {
    const due: { at: number; run: () => void }[] = []
    for (const subscription of this.all("subscription")) {
      if (isEnded(subscription)) continue
      const end = currentPeriodEnd(subscription)
      const { trial_end: trialEnd, metadata } = subscription
      if (subscription.status === "trialing" && typeof trialEnd === "number") {
        const told = typeof metadata === "object" && metadata !== null && "fake_trial_end_told" in metadata
        if (!told && trialEnd - 3 * day > subscription.created)
          due.push({ at: trialEnd - 3 * day, run: () => this.tellTrialEnd(subscription) })
        due.push({ at: trialEnd, run: () => this.endTrial(subscription) })
      } else if (subscription.status === "active" || subscription.status === "past_due")
        due.push({ at: end, run: () => this.renew(subscription) })
    }
    for (const invoice of this.all("invoice")) {
      const retry = invoice.next_payment_attempt
      if (invoice.status === "open" && typeof retry === "number")
        due.push({ at: retry, run: () => this.collect(invoice) })
    }
    due.sort((a, b) => a.at - b.at)
    return due[0] ?? null
  }

  private tellTrialEnd(subscription: StripeObject): void {
    subscription.metadata = { fake_trial_end_told: "yes" }
    this.log.add("customer.subscription.trial_will_end", subscription, this.now())
  }

  private endTrial(subscription: StripeObject): void {
    if (subscription.cancel_at_period_end === true) {
      this.end(subscription, "cancellation_requested")
      return
    }
    if (this.cards.get(String(subscription.customer)) === undefined) {
      this.change(subscription, { status: "paused" }, "customer.subscription.updated")
      this.log.add("customer.subscription.paused", subscription, this.now())
      return
    }
    this.bill(subscription, "subscription_cycle", { status: "active" })
  }

  private renew(subscription: StripeObject): void {
    if (subscription.cancel_at_period_end === true) this.end(subscription, "cancellation_requested")
    else this.bill(subscription, "subscription_cycle", {})
  }

  private bill(
    subscription: StripeObject,
    reason: "subscription_create" | "subscription_cycle",
    change?: Record<string, unknown>,
  ): void {
    const [item] = itemsOf(subscription)
    if (!item) return
    const price = this.need(String(Reflect.get(Object(item.price), "id")))
    const start = this.now()
    const end = periodEnd(start, intervalOf(price))
    const quantity = Number(item.quantity ?? 1)
    const invoice = newInvoice({
      customer: this.need(String(subscription.customer)),
      subscription,
      price,
      item: item.id,
      quantity,
      amount: Number(price.unit_amount) * quantity,
      reason,
      periodStart: start,
      periodEnd: end,
      created: start,
      hostedUrl: this.hostedUrl,
    })
    this.add("invoice.created", invoice)
    if (change) {
      const items = structuredClone(subscription.items)
      for (const each of itemsOf({ items }))
        Object.assign(each, { current_period_start: start, current_period_end: end })
      this.change(subscription, { ...change, items, latest_invoice: invoice.id }, "customer.subscription.updated")
    } else subscription.latest_invoice = invoice.id
    const number = `FAKE-${String(this.all("invoice").length).padStart(4, "0")}`
    const finalized = { ...Object(invoice.status_transitions), finalized_at: start }
    Object.assign(invoice, { status: "open", number, effective_at: start, status_transitions: finalized })
    this.log.add("invoice.finalized", invoice, start)
    this.collect(invoice)
  }

  private collect(invoice: StripeObject): void {
    const customerId = String(invoice.customer)
    const behaviour = this.cards.get(customerId) ?? "generic_decline"
    const now = this.now()
    const money = {
      customer: customerId,
      amount: Number(invoice.amount_due),
      currency: invoice.currency,
      created: now,
    }
    const payment = this.all("invoice_payment").find((each) => each.invoice === invoice.id)
    const reference = payment ? Reflect.get(Object(payment.payment), "payment_intent") : null
    const intent =
      this.get(String(reference)) ??
      this.add("payment_intent.created", payments.paymentIntent({ ...money, paymentMethod: null }))
    const link = payment ?? payments.invoicePayment({ invoice, paymentIntent: intent.id, created: now })
    this.objects.set(link.id, link)
    const attempts = Number(invoice.attempt_count) + 1
    if (behaviour === "works") this.succeed(invoice, intent, link, money, attempts)
    else this.fail(invoice, intent, money, attempts, behaviour)
  }

  private succeed(
    invoice: StripeObject,
    intent: StripeObject,
    link: StripeObject,
    money: { customer: string; amount: number; currency: unknown; created: number },
    attempts: number,
  ): void {
    const now = money.created
    const charge = this.add(
      "charge.succeeded",
      payments.charge({ ...money, paymentIntent: intent.id, paymentMethod: null, declineCode: null }),
    )
    this.tell(
      intent,
      {
        status: "succeeded",
        amount_received: money.amount,
        latest_charge: charge.id,
        last_payment_error: null,
        next_action: null,
      },
      "payment_intent.succeeded",
    )
    this.tell(
      link,
      { status: "paid", amount_paid: money.amount, status_transitions: { canceled_at: null, paid_at: now } },
      "invoice_payment.paid",
    )
    const transitions = { ...Object(invoice.status_transitions), paid_at: now }
    const paid = {
      status: "paid",
      amount_paid: money.amount,
      amount_remaining: 0,
      attempted: true,
      attempt_count: attempts,
      next_payment_attempt: null,
      status_transitions: transitions,
    }
    this.tell(invoice, paid, "invoice.paid")
    this.log.add("invoice.payment_succeeded", invoice, now)
    this.failedSince.delete(invoice.id)
    const subscription = this.subscriptionOf(invoice)
    if (subscription && (subscription.status === "incomplete" || subscription.status === "past_due"))
      this.change(subscription, { status: "active" }, "customer.subscription.updated")
    if (this.need(money.customer).delinquent === true) this.updateCustomer(money.customer, { delinquent: false })
  }

  private fail(
    invoice: StripeObject,
    intent: StripeObject,
    money: { customer: string; amount: number; currency: unknown; created: number },
    attempts: number,
    behaviour: Exclude<CardBehaviour, "works">,
  ): void {
    const now = money.created
    const asksBank = behaviour === "authentication_required"
    const charge = this.add(
      "charge.failed",
      payments.charge({ ...money, paymentIntent: intent.id, paymentMethod: null, declineCode: behaviour }),
    )
    const error = {
      charge: charge.id,
      code: asksBank ? "authentication_required" : behaviour === "expired_card" ? "expired_card" : "card_declined",
      decline_code: behaviour,
      message: asksBank ? "This payment requires authentication." : "Your card was declined.",
      type: "card_error",
    }
    const status = asksBank ? "requires_action" : "requires_payment_method"
    this.tell(intent, { status, latest_charge: charge.id, last_payment_error: error }, "payment_intent.payment_failed")
    const since = this.failedSince.get(invoice.id) ?? now
    this.failedSince.set(invoice.id, since)
    const retry = retryAfterDays.map((days) => since + days * day).find((at) => at > now) ?? null
    this.tell(
      invoice,
      { attempted: true, attempt_count: attempts, next_payment_attempt: retry },
      "invoice.payment_failed",
    )
    if (asksBank) this.log.add("invoice.payment_action_required", invoice, now)
    const subscription = this.subscriptionOf(invoice)
    if (subscription?.status === "active")
      this.change(subscription, { status: "past_due" }, "customer.subscription.updated")
    if (this.need(money.customer).delinquent !== true) this.updateCustomer(money.customer, { delinquent: true })
    if (retry === null && subscription && subscription.status === "past_due") this.end(subscription, "payment_failed")
  }

  private end(subscription: StripeObject, reason: string, details?: Record<string, unknown>): StripeObject {
    const now = this.now()
    const told = details ?? { ...Object(subscription.cancellation_details), reason }
    Object.assign(subscription, {
      status: "canceled",
      canceled_at: subscription.canceled_at ?? now,
      ended_at: now,
      cancellation_details: told,
    })
    this.log.add("customer.subscription.deleted", subscription, now)
    return subscription
  }

  private setPeriod(subscription: StripeObject, end: number): void {
    for (const item of itemsOf(subscription)) item.current_period_end = end
    if (subscription.status === "trialing") subscription.trial_end = end
  }

  // Objects and events

  private add(type: string, object: StripeObject): StripeObject {
    this.objects.set(object.id, object)
    this.log.add(type, object, this.now())
    return object
  }

  /** Changes fields and tells it with what they were before. */
  private change(object: StripeObject, change: Record<string, unknown>, type: string): StripeObject {
    const previous = Object.fromEntries(Object.keys(change).map((key) => [key, object[key]]))
    const before = structuredClone(previous)
    Object.assign(object, change)
    this.log.add(type, object, this.now(), before)
    return object
  }

  private tell(object: StripeObject, change: Record<string, unknown>, type: string): void {
    Object.assign(object, change)
    this.log.add(type, object, this.now())
  }

  private need(id: string): StripeObject {
    const object = this.objects.get(id)
    if (!object) throw new Error(`No such object: ${id}`)
    return object
  }

  private subscriptionOf(invoice: StripeObject): StripeObject | undefined {
    const details = Reflect.get(Object(invoice.parent), "subscription_details")
    return this.get(String(Reflect.get(Object(details), "subscription")))
  }

  private subscriptionsOf(customerId: string): StripeObject[] {
    return this.all("subscription").filter((each) => each.customer === customerId)
  }
}

export const isEnded = (subscription: StripeObject): boolean =>
  subscription.status === "canceled" || subscription.status === "incomplete_expired"

export function itemsOf(holder: Record<string, unknown>): StripeObject[] {
  const data: unknown = Reflect.get(Object(holder.items), "data")
  return Array.isArray(data) ? data : []
}

export function currentPeriodEnd(subscription: StripeObject): number {
  return Math.max(...itemsOf(subscription).map((item) => Number(item.current_period_end)))
}
