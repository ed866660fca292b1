import type { Account } from "../account.ts"
import { day } from "../clock.ts"
import { type SubscriptionInput, subscription } from "../objects/subscription.ts"
import { announce } from "../time/announce.ts"
import { periodEnd } from "../time/periods.ts"
import type { PaymentMethod, Subscription } from "../wire.ts"
import { giveDiscount } from "./applyCoupon.ts"
import { draftInvoice } from "./draftInvoice.ts"
import { finalizeInvoice } from "./finalizeInvoice.ts"
import { payInvoice } from "./payInvoice.ts"

export interface CreateSubscriptionInput {
  customer: string
  items: { price: string; quantity?: number | undefined; metadata?: Record<string, string> | undefined }[]
  trialDays?: number | null | undefined
  /** Seconds since 1970; goes before `trialDays`. */
  trialEnd?: number | null | undefined
  paymentMethod?: PaymentMethod | null | undefined
  missingPaymentMethod?: SubscriptionInput["missingPaymentMethod"] | undefined
  coupon?: string | null | undefined
  /** Leave the first invoice to the customer instead of charging their card at once. */
  leaveUnpaid?: boolean | undefined
  metadata?: Record<string, string> | undefined
  description?: string | null | undefined
}

/** A subscription and its first invoice; `incomplete` until that is paid, as Checkout does it. */
export function createSubscription(account: Account, input: CreateSubscriptionInput): Subscription {
  const { store } = account
  const now = account.now()
  const customer = store.need("customer", input.customer, "customer")
  const items = input.items.map(({ price, quantity, metadata }, index) => ({
    price: store.need("price", price, `items[${index}][price]`),
    quantity: quantity ?? 1,
    metadata,
  }))
  const trialDays = input.trialDays ?? items[0]?.price.recurring?.trial_period_days ?? 0
  const trialEnd = input.trialEnd ?? (trialDays > 0 ? now + trialDays * day : null)
  const [first] = items
  const created = subscription({
    customer: customer.id,
    items,
    status: trialEnd === null ? "incomplete" : "trialing",
    periodEnd: trialEnd ?? (first ? periodEnd(now, first.price) : now),
    trialEnd,
    paymentMethod: input.paymentMethod?.id ?? null,
    missingPaymentMethod: input.missingPaymentMethod ?? "create_invoice",
    metadata: input.metadata,
    description: input.description,
    ...account.stamp(),
  })
  account.add("subscription", created)
  if (input.coupon) giveDiscount(account, created, input.coupon)
  const invoice = draftInvoice(account, created, {
    reason: "subscription_create",
    period: { start: now, end: now },
    items: trialEnd === null ? "full" : "trial",
  })
  account.tell("customer.subscription.created", created)
  announce(account, created)
  finalizeInvoice(account, invoice)
  if (invoice.amount_due === 0 || !input.leaveUnpaid) payInvoice(account, invoice, input.paymentMethod ?? undefined)
  return created
}
