import type { Account } from "../account.ts"
import { StripeError } from "../stripeError.ts"
import { isEnded } from "../subscriptionFacts.ts"
import { periodEnd } from "../time/periods.ts"
import type { Subscription } from "../wire.ts"
import { draftInvoice } from "./draftInvoice.ts"
import { payInvoice } from "./payInvoice.ts"

/** Takes back a planned cancellation, or wakes up what was paused when its trial ended. */
export function resumeSubscription(account: Account, subscription: Subscription): Subscription {
  if (isEnded(subscription)) throw new StripeError(400, "A canceled subscription can only update its metadata.")
  if (subscription.status === "paused") return wake(account, subscription)
  return account.change(
    subscription,
    {
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    },
    "customer.subscription.updated",
  )
}

function wake(account: Account, subscription: Subscription): Subscription {
  const now = account.now()
  const items = structuredClone(subscription.items)
  for (const item of items.data) {
    item.current_period_start = now
    item.current_period_end = periodEnd(now, item.price)
  }
  const invoice = account.around(subscription, "customer.subscription.updated", () => {
    Object.assign(subscription, { status: "active", billing_cycle_anchor: now, items })
    const period = { start: now, end: now }
    return draftInvoice(account, subscription, { reason: "subscription_update", period, items: "full" })
  })
  account.tell("customer.subscription.resumed", subscription)
  payInvoice(account, invoice)
  return subscription
}
