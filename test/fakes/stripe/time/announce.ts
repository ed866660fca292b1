import type { Account } from "../account.ts"
import { day } from "../clock.ts"
import { currentPeriodEnd } from "../subscriptionFacts.ts"
import type { Subscription } from "../wire.ts"
import { upcomingInvoice } from "./upcomingInvoice.ts"

const trialNotice = 3 * day

/** When the end of the trial, or the renewal, has to be announced; null when that is done or not wanted. */
export function announceAt(account: Account, subscription: Subscription): number | null {
  if (subscription.cancel_at !== null || subscription.pause_collection) return null
  const trial = subscription.status === "trialing"
  if (!trial && (subscription.status !== "active" || account.billing.upcomingDays === 0)) return null
  const end = currentPeriodEnd(subscription)
  if (account.announced.get(subscription.id) === end) return null
  const at = end - (trial ? trialNotice : account.billing.upcomingDays * day)
  // A period shorter than the notice is announced only for trials.
  return trial || at > (subscription.items.data[0]?.current_period_start ?? 0) ? at : null
}

export function announce(account: Account, subscription: Subscription): void {
  const at = announceAt(account, subscription)
  if (at === null || at > account.now()) return
  account.announced.set(subscription.id, currentPeriodEnd(subscription))
  if (subscription.status === "trialing") account.tell("customer.subscription.trial_will_end", subscription)
  else account.tell("invoice.upcoming", upcomingInvoice(account, subscription))
}
