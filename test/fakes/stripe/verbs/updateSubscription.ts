import type { Account } from "../account.ts"
import type { Subscription } from "../wire.ts"
import { applyCoupon, removeDiscount } from "./applyCoupon.ts"
import { cancelSubscription } from "./cancelSubscription.ts"
import { changePlan } from "./changePlan.ts"
import { pauseCollection } from "./pauseCollection.ts"
import { renewNow } from "./renewNow.ts"
import { resumeSubscription } from "./resumeSubscription.ts"

export interface UpdateSubscriptionInput {
  default_payment_method?: string | undefined
  description?: string | undefined
  metadata?: Record<string, string> | undefined
  proration_behavior?: "create_prorations" | "always_invoice" | "none" | undefined
  items?: { id?: string | undefined; price?: string | undefined; quantity?: number | undefined }[] | undefined
  cancel_at_period_end?: boolean | undefined
  cancellation_details?: { comment?: string | null | undefined; feedback?: string | null | undefined } | undefined
  pause_collection?:
    | ""
    | { behavior: "keep_as_draft" | "mark_uncollectible" | "void"; resumes_at?: number | undefined }
    | undefined
  discounts?: "" | { coupon: string }[] | undefined
  trial_end?: "now" | number | undefined
}

/** Each given field of `POST /v1/subscriptions/:id`, in turn. */
export function updateSubscription(
  account: Account,
  subscription: Subscription,
  input: UpdateSubscriptionInput,
): Subscription {
  updateFields(account, subscription, input)
  const [item] = input.items ?? []
  if (item) {
    const { id, ...to } = item
    changePlan(account, subscription, { ...to, item: id, proration: input.proration_behavior })
  }
  const pause = input.pause_collection
  if (pause !== undefined)
    pauseCollection(account, subscription, pause === "" ? null : { ...pause, resumes_at: pause.resumes_at ?? null })
  const [discount] = input.discounts || []
  if (discount) applyCoupon(account, subscription, discount.coupon)
  else if (input.discounts === "") removeDiscount(account, subscription)
  if (input.cancel_at_period_end)
    cancelSubscription(account, subscription, { ...input.cancellation_details, atPeriodEnd: true })
  else if (input.cancel_at_period_end === false && subscription.cancel_at_period_end)
    resumeSubscription(account, subscription)
  return subscription
}

function updateFields(account: Account, subscription: Subscription, input: UpdateSubscriptionInput): void {
  const change: Partial<Subscription> = {}
  if (input.default_payment_method)
    change.default_payment_method = account.store.need(
      "payment_method",
      input.default_payment_method,
      "default_payment_method",
    ).id
  if (input.description !== undefined) change.description = input.description || null
  if (input.metadata)
    change.metadata = Object.fromEntries(
      Object.entries({ ...subscription.metadata, ...input.metadata }).filter(([, value]) => value !== ""),
    )
  if (typeof input.trial_end === "number") Object.assign(change, movedTrial(subscription, input.trial_end))
  account.change(subscription, change, "customer.subscription.updated")
  if (input.trial_end === "now") renewNow(account, subscription)
}

function movedTrial(subscription: Subscription, end: number): Partial<Subscription> {
  const items = structuredClone(subscription.items)
  for (const item of items.data) item.current_period_end = end
  return { status: "trialing", trial_end: end, trial_start: subscription.trial_start ?? subscription.created, items }
}
