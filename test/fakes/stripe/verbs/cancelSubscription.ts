import type { Account } from "../account.ts"
import { StripeError } from "../stripeError.ts"
import { currentPeriodEnd, isEnded } from "../subscriptionFacts.ts"
import type { Subscription } from "../wire.ts"
import { endSubscription } from "./endSubscription.ts"

export interface CancelOptions {
  atPeriodEnd?: boolean | undefined
  feedback?: string | null | undefined
  comment?: string | null | undefined
}

/** At once, or planned for the end of the period. */
export function cancelSubscription(account: Account, subscription: Subscription, options: CancelOptions): Subscription {
  if (isEnded(subscription))
    throw new StripeError(404, `No such subscription: '${subscription.id}'`, { code: "resource_missing", param: "id" })
  const told = { feedback: options.feedback ?? null, comment: options.comment ?? null }
  if (!options.atPeriodEnd) return endSubscription(account, subscription, "cancellation_requested", told)
  return account.change(
    subscription,
    {
      cancel_at: currentPeriodEnd(subscription),
      cancel_at_period_end: true,
      canceled_at: account.now(),
      cancellation_details: { ...told, feedback_option: null, reason: "cancellation_requested" },
    },
    "customer.subscription.updated",
  )
}
