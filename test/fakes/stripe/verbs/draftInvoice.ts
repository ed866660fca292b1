import type { Account } from "../account.ts"
import { hour } from "../clock.ts"
import { type InvoiceInput, invoice } from "../objects/invoice.ts"
import { prorationLine } from "../objects/invoiceLine.ts"
import { currentPeriodEnd } from "../subscriptionFacts.ts"
import type { Invoice, Subscription, SubscriptionItem } from "../wire.ts"
import { dropDiscount } from "./applyCoupon.ts"
import { invoiceAmounts } from "./invoiceAmounts.ts"
import { periodLines } from "./periodLines.ts"

export interface DraftInput {
  reason: InvoiceInput["reason"]
  /** The period just used, which the invoice names as its own. */
  period: { start: number; end: number }
  /** Bill the items' current period; for a trial, at nothing. */
  items: "full" | "trial" | "none"
}

/**
 * A draft for a subscription's current period and the prorations that wait for it. The subscription names it as its
 * latest; that is for the caller to tell.
 */
export function draftInvoice(account: Account, subscription: Subscription, input: DraftInput): Invoice {
  const { store } = account
  const customer = store.need("customer", subscription.customer)
  const pending = store.ownedBy(subscription.id, "invoiceitem").filter((each) => each.invoice === null)
  const current = (item: SubscriptionItem) => ({ start: item.current_period_start, end: item.current_period_end })
  const trial = input.items === "trial"
  const periods = input.items === "none" ? [] : periodLines(account, subscription, { trial, periodOf: current })
  const lines = [...pending.map(prorationLine), ...periods]
  const amounts = invoiceAmounts(account, { lines, customer, subscription })
  const created = invoice({
    customer,
    subscription,
    lines,
    reason: input.reason,
    period: input.period,
    amounts,
    finalizesAt: input.reason === "subscription_cycle" ? account.now() + hour : null,
    ...account.stamp(),
  })
  for (const each of pending) each.invoice = created.id
  account.add("invoice", created, "invoice.created")
  for (const each of pending) account.tell("invoiceitem.updated", each)
  subscription.latest_invoice = created.id
  dropSpentDiscount(account, subscription)
  if (customer.currency === null) account.change(customer, { currency: created.currency }, "customer.updated")
  return created
}

function dropSpentDiscount(account: Account, subscription: Subscription): void {
  const discount = account.store.get("discount", subscription.discounts[0])
  const coupon = account.store.get("coupon", discount?.source.coupon)
  if (!discount || !coupon) return
  const over = discount.end !== null && discount.end <= currentPeriodEnd(subscription)
  if (coupon.duration === "once" || over) dropDiscount(account, subscription)
}
