import type { Account } from "../account.ts"
import { invoice } from "../objects/invoice.ts"
import { currentPeriodEnd, currentPeriodStart } from "../subscriptionFacts.ts"
import { invoiceAmounts } from "../verbs/invoiceAmounts.ts"
import { periodLines } from "../verbs/periodLines.ts"
import type { Invoice, Subscription } from "../wire.ts"
import { periodEnd } from "./periods.ts"

/** What the next renewal would bill. It has no id, since there is no such invoice yet. */
export function upcomingInvoice(account: Account, subscription: Subscription): Omit<Invoice, "id"> {
  const customer = account.store.need("customer", subscription.customer)
  const end = currentPeriodEnd(subscription)
  const lines = periodLines(account, subscription, {
    trial: false,
    periodOf: (item) => ({
      start: item.current_period_end,
      end: periodEnd(item.current_period_end, item.price, subscription.billing_cycle_anchor),
    }),
  })
  const { id: _, ...upcoming } = invoice({
    customer,
    subscription,
    lines,
    reason: "subscription_cycle",
    period: { start: currentPeriodStart(subscription), end },
    amounts: invoiceAmounts(account, { lines, customer, subscription }),
    finalizesAt: null,
    created: end,
    livemode: account.livemode,
  })
  return { ...upcoming, billing_reason: "upcoming", next_payment_attempt: end + 3600 }
}
