import type { Account } from "../account.ts"
import type { Subscription } from "../wire.ts"

type Details = NonNullable<Subscription["cancellation_details"]>

/** A subscription is over now; what is still open is no longer collected. */
export function endSubscription(
  account: Account,
  subscription: Subscription,
  reason: "cancellation_requested" | "payment_failed" | "payment_disputed",
  told: { feedback?: Details["feedback"]; comment?: string | null } = {},
): Subscription {
  const now = account.now()
  const before = subscription.cancellation_details
  Object.assign(subscription, {
    status: "canceled",
    canceled_at: subscription.canceled_at ?? now,
    ended_at: now,
    cancellation_details: {
      comment: told.comment ?? before?.comment ?? null,
      feedback: told.feedback ?? before?.feedback ?? null,
      feedback_option: null,
      reason,
    },
  })
  account.tell("customer.subscription.deleted", subscription)
  for (const invoice of account.store.ownedBy(subscription.id, "invoice"))
    if (invoice.status === "open" || invoice.status === "draft")
      account.change(
        invoice,
        { auto_advance: false, next_payment_attempt: null, automatically_finalizes_at: null },
        "invoice.updated",
      )
  return subscription
}
