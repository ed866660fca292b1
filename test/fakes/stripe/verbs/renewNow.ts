import type { Account } from "../account.ts"
import { StripeError } from "../stripeError.ts"
import { isEnded } from "../subscriptionFacts.ts"
import type { Subscription } from "../wire.ts"
import { endTrial } from "./endTrial.ts"
import { payInvoice } from "./payInvoice.ts"
import { renewSubscription } from "./renewSubscription.ts"

/** Lets the running period (or trial) end now, and collects at once instead of an hour later. */
export function renewNow(account: Account, subscription: Subscription): void {
  if (isEnded(subscription)) throw new StripeError(400, "This subscription has ended.")
  const now = account.now()
  for (const item of subscription.items.data) item.current_period_end = now
  if (subscription.cancel_at_period_end) subscription.cancel_at = now
  if (subscription.status === "trialing") {
    subscription.trial_end = now
    endTrial(account, subscription)
  } else renewSubscription(account, subscription)
  const invoice = account.store.get("invoice", subscription.latest_invoice)
  if (invoice?.status === "draft" && invoice.automatically_finalizes_at !== null) payInvoice(account, invoice)
}
