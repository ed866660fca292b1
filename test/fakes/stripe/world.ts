import { Account, type AccountOptions } from "./account.ts"
import type { CardBehaviour, DeclineCode } from "./card.ts"
import { stockCatalogue } from "./catalogue.ts"
import type { EventLog } from "./eventLog.ts"
import type { CouponInput } from "./objects/coupon.ts"
import type { CustomerInput } from "./objects/customer.ts"
import { priceInCurrency } from "./priceInCurrency.ts"
import type { StoreState } from "./store.ts"
import { StripeError } from "./stripeError.ts"
import { advanceClock } from "./time/advanceClock.ts"
import { applyCoupon, removeDiscount } from "./verbs/applyCoupon.ts"
import { attachCard } from "./verbs/attachCard.ts"
import { bulkBusiness } from "./verbs/bulkBusiness.ts"
import { type CancelOptions, cancelSubscription } from "./verbs/cancelSubscription.ts"
import { bankAnswer, cardOf } from "./verbs/cardOf.ts"
import { type ChangePlanInput, changePlan } from "./verbs/changePlan.ts"
import { createCoupon } from "./verbs/createCoupon.ts"
import { createCustomer } from "./verbs/createCustomer.ts"
import { deleteCustomer } from "./verbs/deleteCustomer.ts"
import { closeDispute, openDispute } from "./verbs/dispute.ts"
import { expireCard } from "./verbs/expireCard.ts"
import { pauseCollection } from "./verbs/pauseCollection.ts"
import { payInvoice } from "./verbs/payInvoice.ts"
import { type RefundOptions, refundCharge } from "./verbs/refundCharge.ts"
import { renewNow } from "./verbs/renewNow.ts"
import { replaceCard } from "./verbs/replaceCard.ts"
import { resumeSubscription } from "./verbs/resumeSubscription.ts"
import { setCard } from "./verbs/setCard.ts"
import { type SubscribeInput, subscribe } from "./verbs/subscribe.ts"
import { updateCustomer } from "./verbs/updateCustomer.ts"
import type {
  Charge,
  Coupon,
  Customer,
  Discount,
  Dispute,
  Invoice,
  Kind,
  PaymentMethod,
  Refund,
  Stored,
  StripeEvent,
  Subscription,
} from "./wire.ts"

export { isEnded } from "./subscriptionFacts.ts"

export interface WorldState {
  store: StoreState
  bank: [string, CardBehaviour][]
  announced: [string, number][]
  failedSince: [string, number][]
  offset: number
}

/** A small Stripe account, what its customers do, and a clock that can be moved forward. Returned objects are live: they change with the account. */
export class StripeWorld {
  readonly account: Account
  readonly log: EventLog

  constructor(options: AccountOptions) {
    this.account = new Account(options)
    this.log = options.log
    stockCatalogue(this.account)
  }

  /** Seconds since 1970 by Stripe's clock. */
  now(): number {
    return this.account.now()
  }

  get events(): StripeEvent[] {
    return this.log.events
  }

  get(id: string): Stored[Kind] | undefined {
    return this.account.store.find(id)
  }

  /** Oldest first. */
  all<K extends Kind>(kind: K): Stored[K][] {
    return this.account.store.all(kind)
  }

  // Customers and their cards

  createCustomer(input: CustomerInput): Customer {
    return createCustomer(this.account, input)
  }

  /** Many customers with a subscription each, told by no event. */
  bulkBusiness(input: { customers: number; from: number; to: number }): void {
    bulkBusiness(this.account, input)
  }

  updateCustomer(id: string, fields: Partial<Customer>): Customer {
    return updateCustomer(this.account, id, fields)
  }

  deleteCustomer(id: string): void {
    deleteCustomer(this.account, id)
  }

  addCard(customer: string, behaviour: CardBehaviour): PaymentMethod {
    return attachCard(this.account, customer, behaviour)
  }

  /** The customer enters another card. */
  replaceCard(customer: string, behaviour: CardBehaviour = "works"): PaymentMethod {
    return replaceCard(this.account, customer, behaviour)
  }

  /** What the bank will say of the customer's card; Stripe does not hear of it before the next charge. */
  setCard(customer: string, behaviour: CardBehaviour): void {
    setCard(this.account, customer, behaviour)
  }

  expireCard(customer: string): PaymentMethod | null {
    return expireCard(this.account, customer)
  }

  /** What the bank would answer to a charge now; undefined without a card. */
  cardOf(customer: string): CardBehaviour | undefined {
    const method = cardOf(this.account, customer)
    return method && bankAnswer(this.account, method)
  }

  // Subscriptions

  subscribe(input: SubscribeInput): Subscription {
    return subscribe(this.account, input)
  }

  renewNow(subscription: string): void {
    renewNow(this.account, this.subscription(subscription))
  }

  cancel(subscription: string, options: CancelOptions = {}): Subscription {
    return cancelSubscription(this.account, this.subscription(subscription), options)
  }

  resume(subscription: string): Subscription {
    return resumeSubscription(this.account, this.subscription(subscription))
  }

  pauseCollection(subscription: string, pause: boolean, resumesAt: number | null = null): Subscription {
    const behaviour = pause ? { behavior: "void", resumes_at: resumesAt } : null
    return pauseCollection(this.account, this.subscription(subscription), behaviour)
  }

  /**
   * To a plan in the subscription's currency, whichever the given price has. By price alone the running period stays
   * as it is; an object prorates as Stripe does unless it says otherwise.
   */
  changePlan(id: string, to: string | ChangePlanInput): Subscription {
    const subscription = this.subscription(id)
    const input: ChangePlanInput = typeof to === "string" ? { price: to, proration: "none" } : to
    const price = input.price && priceInCurrency(this.account.store, input.price, subscription.currency)
    return changePlan(this.account, subscription, { ...input, price })
  }

  createCoupon(input: CouponInput): Coupon {
    return createCoupon(this.account, input)
  }

  applyCoupon(subscription: string, coupon: string): Discount {
    return applyCoupon(this.account, this.subscription(subscription), coupon)
  }

  removeDiscount(subscription: string): Discount | null {
    return removeDiscount(this.account, this.subscription(subscription))
  }

  // Payments

  /** Collects an invoice, or the oldest open one of a subscription or customer; with `card` the customer enters that first. */
  pay(id: string, card?: CardBehaviour): Invoice {
    const invoice = this.openInvoice(id)
    if (card) replaceCard(this.account, invoice.customer ?? "", card)
    return payInvoice(this.account, invoice)
  }

  /** Lets the bank refuse from now on and ends the period, so that a payment fails. */
  failPayment(subscription: string, as: DeclineCode | "authentication_required" = "insufficient_funds"): Invoice {
    const object = this.subscription(subscription)
    setCard(this.account, object.customer, as)
    renewNow(this.account, object)
    return this.account.store.need("invoice", object.latest_invoice)
  }

  /** By charge, or by the invoice that it paid. */
  refund(id: string, options: number | RefundOptions = {}): Refund {
    const chosen = typeof options === "number" ? { amount: options } : options
    return refundCharge(this.account, this.charge(id), chosen)
  }

  dispute(id: string, reason?: string): Dispute {
    return openDispute(this.account, this.charge(id), reason)
  }

  closeDispute(dispute: string, as: "won" | "lost"): Dispute {
    return closeDispute(this.account, this.account.store.need("dispute", dispute), as)
  }

  // Time and state

  /** Moves the clock and does, in order, what falls due on the way. */
  advanceClock(seconds: number): void {
    advanceClock(this.account, seconds)
  }

  reset(): void {
    const { account } = this
    account.store.clear()
    account.bank.clear()
    account.announced.clear()
    account.failedSince.clear()
    account.clock.offset = 0
    this.log.clear()
    stockCatalogue(account)
  }

  save(): WorldState {
    const { store, bank, announced, failedSince, clock } = this.account
    return {
      store: store.save(),
      bank: [...bank],
      announced: [...announced],
      failedSince: [...failedSince],
      offset: clock.offset,
    }
  }

  restore(state: WorldState): void {
    const { account } = this
    account.store.restore(state.store)
    for (const [id, behaviour] of state.bank) account.bank.set(id, behaviour)
    for (const [id, end] of state.announced) account.announced.set(id, end)
    for (const [id, since] of state.failedSince) account.failedSince.set(id, since)
    account.clock.offset = state.offset
  }

  private subscription(id: string): Subscription {
    return this.account.store.need("subscription", id)
  }

  private openInvoice(id: string): Invoice {
    const { store } = this.account
    const found = store.get("invoice", id) ?? store.ownedBy(id, "invoice").find(({ status }) => status === "open")
    if (!found) throw new StripeError(404, `${id} has no open invoice.`, { code: "resource_missing" })
    return found
  }

  private charge(id: string): Charge {
    const { store } = this.account
    const found = store.get("charge", id)
    if (found) return found
    const link = store.ownedBy(id, "invoice_payment").at(-1)
    const intent = store.get("payment_intent", link?.payment.payment_intent)
    return store.need("charge", intent?.latest_charge ?? id, "charge")
  }
}
