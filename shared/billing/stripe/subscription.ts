import { ownedBy, type Snapshot, type SubscriptionItemRow } from "../snapshot.ts"
import { readDiscounts } from "./discounts.ts"
import {
  count,
  currency,
  flag,
  idOf,
  list,
  metadata,
  money,
  type Payload,
  part,
  requiredText,
  requiredTime,
  text,
  time,
} from "./read.ts"

const endedStatuses = new Set(["canceled", "incomplete_expired"])

/** A subscription with all its items. The period stands on the items since 2025-03-31, on the subscription before. */
export function readSubscription(payload: Payload): Snapshot<"subscriptions"> {
  const id = requiredText(payload, "id")
  const status = requiredText(payload, "status")
  const items = list(payload, "items")
  const starts = items.flatMap((item) => time(item, "current_period_start")?.getTime() ?? [])
  const ends = items.flatMap((item) => time(item, "current_period_end")?.getTime() ?? [])
  const details = part(payload, "cancellation_details")
  const pause = part(payload, "pause_collection")
  const itemRows = items.map((item) => readItem(item, id))
  return {
    table: "subscriptions",
    id,
    owner: ownedBy(idOf(payload, "customer")),
    settled: endedStatuses.has(status),
    progress: {},
    items: itemRows,
    row: {
      id,
      status,
      currency: currency(payload) ?? itemRows[0]?.currency ?? null,
      cancelAtPeriodEnd: flag(payload, "cancel_at_period_end"),
      cancelAt: time(payload, "cancel_at"),
      canceledAt: time(payload, "canceled_at"),
      endedAt: time(payload, "ended_at"),
      trialStart: time(payload, "trial_start"),
      trialEnd: time(payload, "trial_end"),
      currentPeriodStart:
        time(payload, "current_period_start") ?? (starts.length ? new Date(Math.min(...starts)) : null),
      currentPeriodEnd: time(payload, "current_period_end") ?? (ends.length ? new Date(Math.max(...ends)) : null),
      startedAt: time(payload, "start_date") ?? requiredTime(payload, "created"),
      cancellationReason: text(details, "reason"),
      cancellationFeedback: text(details, "feedback"),
      cancellationComment: text(details, "comment"),
      pauseBehavior: text(pause, "behavior"),
      pauseResumesAt: time(pause, "resumes_at"),
      collectionMethod: text(payload, "collection_method"),
      discounts: readDiscounts(payload),
      latestInvoiceId: idOf(payload, "latest_invoice"),
      metadata: metadata(payload),
    },
  }
}

/** `price` since 2020-08-27; a `plan` before, and beside it for years after. */
function readItem(item: Payload, subscriptionId: string): SubscriptionItemRow {
  const price = part(item, "price")
  const plan = part(item, "plan")
  const hasPrice = text(price, "id") !== null
  const terms = hasPrice ? price : plan
  const recurring = hasPrice ? part(price, "recurring") : plan
  return {
    id: requiredText(item, "id"),
    subscriptionId,
    priceId: idOf(item, hasPrice ? "price" : "plan"),
    productId: idOf(terms, "product"),
    quantity: count(item, "quantity"),
    currency: currency(terms),
    unitAmount: money(terms, hasPrice ? "unit_amount" : "amount"),
    unitAmountDecimal: decimal(text(terms, hasPrice ? "unit_amount_decimal" : "amount_decimal")),
    interval: text(recurring, "interval"),
    intervalCount: count(recurring, "interval_count"),
    usageType: text(recurring, "usage_type"),
    discounts: readDiscounts(item),
  }
}

const decimal = (value: string | null) => (value !== null && /^-?\d{1,20}(\.\d{1,12})?$/.test(value) ? value : null)
