import type { Account } from "../account.ts"
import { currentPeriodEnd, currentPeriodStart } from "../subscriptionFacts.ts"
import { periodEnd } from "../time/periods.ts"
import type { Invoice, Subscription } from "../wire.ts"
import { closeInvoice } from "./closeInvoice.ts"
import { draftInvoice } from "./draftInvoice.ts"
import { endSubscription } from "./endSubscription.ts"
import { finalizeInvoice } from "./finalizeInvoice.ts"

/** A period (or trial) is over: the next one begins with a draft of its invoice, unless the subscription ends here. */
export function renewSubscription(
  account: Account,
  subscription: Subscription,
  fields: Partial<Subscription> = {},
): Invoice | null {
  if (subscription.cancel_at !== null && subscription.cancel_at <= account.now()) {
    endSubscription(account, subscription, "cancellation_requested")
    return null
  }
  const used = { start: currentPeriodStart(subscription), end: currentPeriodEnd(subscription) }
  const items = structuredClone(subscription.items)
  for (const item of items.data) {
    item.current_period_start = used.end
    item.current_period_end = periodEnd(used.end, item.price, subscription.billing_cycle_anchor)
  }
  const invoice = account.around(subscription, "customer.subscription.updated", () => {
    Object.assign(subscription, { ...fields, items })
    return draftInvoice(account, subscription, { reason: "subscription_cycle", period: used, items: "full" })
  })
  holdBack(account, subscription, invoice)
  return invoice
}

/** With collection paused, or nothing paid for long, the invoice is not collected. */
function holdBack(account: Account, subscription: Subscription, invoice: Invoice): void {
  const pause = subscription.pause_collection?.behavior
  if (!pause && subscription.status !== "unpaid") return
  Object.assign(invoice, { auto_advance: false, automatically_finalizes_at: null, next_payment_attempt: null })
  if (pause === "void" || pause === "mark_uncollectible") {
    finalizeInvoice(account, invoice)
    closeInvoice(account, invoice, pause === "void" ? "void" : "uncollectible")
  }
}
