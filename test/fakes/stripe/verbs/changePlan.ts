import type { Account } from "../account.ts"
import { invoiceItem } from "../objects/invoiceItem.ts"
import { planOf } from "../objects/price.ts"
import { StripeError } from "../stripeError.ts"
import { isEnded } from "../subscriptionFacts.ts"
import { periodEnd } from "../time/periods.ts"
import type { Price, Subscription, SubscriptionItem } from "../wire.ts"
import { draftInvoice } from "./draftInvoice.ts"
import { payInvoice } from "./payInvoice.ts"

export interface ChangePlanInput {
  price?: string | undefined
  quantity?: number | undefined
  /** The only item when left out. */
  item?: string | undefined
  proration?: "create_prorations" | "always_invoice" | "none" | undefined
}

/** Another price or quantity. The rest of the period is prorated; another interval starts a new period and bills it now. */
export function changePlan(account: Account, subscription: Subscription, input: ChangePlanInput): Subscription {
  if (isEnded(subscription)) throw new StripeError(400, "A canceled subscription can only update its metadata.")
  const before = subscription.items.data.find((each) => !input.item || each.id === input.item)
  if (!before) throw new StripeError(400, `No such subscription item: '${input.item}'`, { param: "items[0][id]" })
  const price = input.price ? account.store.need("price", input.price, "items[0][price]") : before.price
  if (price.currency !== subscription.currency)
    throw new StripeError(400, "The price's currency does not match the subscription's.", { param: "items[0][price]" })
  const quantity = input.quantity ?? before.quantity ?? 1
  const now = account.now()
  const restart = !sameInterval(before.price, price) && subscription.status !== "trialing"
  const proration = subscription.status === "trialing" ? "none" : (input.proration ?? "create_prorations")
  const items = structuredClone(subscription.items)
  const after = items.data.find((each) => each.id === before.id)
  if (!after) return subscription
  Object.assign(after, { price: structuredClone(price), plan: planOf(price), quantity })
  if (restart)
    for (const item of items.data) {
      item.current_period_start = now
      item.current_period_end = periodEnd(now, item.price)
    }
  if (proration !== "none") prorate(account, subscription, before, { price, quantity, debit: !restart })
  const invoice = account.around(subscription, "customer.subscription.updated", () => {
    Object.assign(subscription, { items, ...(restart && { billing_cycle_anchor: now }) })
    if (!restart && proration !== "always_invoice") return null
    const period = { start: before.current_period_start, end: now }
    const lines = restart ? "full" : "none"
    return draftInvoice(account, subscription, { reason: "subscription_update", period, items: lines })
  })
  if (invoice) payInvoice(account, invoice)
  return subscription
}

const sameInterval = (a: Price, b: Price): boolean =>
  a.recurring?.interval === b.recurring?.interval && a.recurring?.interval_count === b.recurring?.interval_count

function prorate(
  account: Account,
  subscription: Subscription,
  item: SubscriptionItem,
  to: { price: Price; quantity: number; debit: boolean },
): void {
  const now = account.now()
  const period = { start: now, end: item.current_period_end }
  const share = (period.end - now) / (item.current_period_end - item.current_period_start)
  const name = (price: Price) => account.store.get("product", price.product)?.name ?? price.product
  const pend = (price: Price, quantity: number, sign: 1 | -1, what: string) => {
    const amount = sign * Math.round((price.unit_amount ?? 0) * quantity * share)
    const description = `${what} time on ${name(price)}`
    const fields = { subscription, item, price, quantity, amount, description, period, ...account.stamp() }
    account.add("invoiceitem", invoiceItem(fields), "invoiceitem.created")
  }
  pend(item.price, item.quantity ?? 1, -1, "Unused")
  if (to.debit) pend(to.price, to.quantity, 1, "Remaining")
}
