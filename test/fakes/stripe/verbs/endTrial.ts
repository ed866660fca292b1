import type { Account } from "../account.ts"
import type { Subscription } from "../wire.ts"
import { cardOf } from "./cardOf.ts"
import { endSubscription } from "./endSubscription.ts"
import { renewSubscription } from "./renewSubscription.ts"

/** A trial is over: paid from now on, or what `missing_payment_method` says when there is no card. */
export function endTrial(account: Account, subscription: Subscription): void {
  const missing = subscription.trial_settings?.end_behavior.missing_payment_method
  if (cardOf(account, subscription.customer, subscription) || missing === "create_invoice" || subscription.cancel_at)
    renewSubscription(account, subscription, { status: "active" })
  else if (missing === "cancel") endSubscription(account, subscription, "cancellation_requested")
  else {
    account.change(subscription, { status: "paused" }, "customer.subscription.updated")
    account.tell("customer.subscription.paused", subscription)
  }
}
