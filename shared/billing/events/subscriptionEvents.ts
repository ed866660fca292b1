import type { ChangeData, ChangeKind } from "../change.ts"
import type { Snapshot, SubscriptionItemRow } from "../snapshot.ts"
import { count, idOf, isTruncated, list, type Payload, text, time } from "../stripe/read.ts"
import { readSubscription } from "../stripe/subscription.ts"
import {
  type ChangeDraft,
  type Interpret,
  type Interpretation,
  nothing,
  type StripeEvent,
  type SubscriptionState,
} from "./interpretation.ts"

type Row = Snapshot<"subscriptions">["row"]

export const cancelScheduled = (row: { cancelAtPeriodEnd: boolean; cancelAt: Date | null; endedAt: Date | null }) =>
  (row.cancelAtPeriodEnd || row.cancelAt !== null) && row.endedAt === null

export function stateOf(snapshot: Snapshot<"subscriptions">, statusBefore: string | null): SubscriptionState {
  return {
    subscriptionId: snapshot.id,
    status: snapshot.row.status,
    statusBefore,
    cancelScheduled: cancelScheduled(snapshot.row),
    paused: snapshot.row.pauseBehavior !== null || snapshot.row.status === "paused",
    items: (snapshot.items ?? []).map(
      ({ productId, priceId, quantity, unitAmount, currency, interval, intervalCount }) => ({
        productId,
        priceId,
        quantity,
        unitAmount,
        currency,
        interval,
        intervalCount,
      }),
    ),
  }
}

const iso = (date: Date | null) => date?.toISOString() ?? null

/** Collects what one event tells; each thing told is a change for the rules and a line on the timeline. */
class Told {
  readonly drafts: ChangeDraft[] = []
  private readonly row: Row

  constructor(row: Row) {
    this.row = row
  }

  add(kind: ChangeKind, occurrence: string | null, data: ChangeData = {}): void {
    const id = this.row.id
    const key = occurrence === null ? id : `${id}:${occurrence}`
    this.drafts.push({ kind, key, subjectId: id, subscriptionId: id, invoiceId: null, data })
  }
}

const cancellation = (row: Row): ChangeData => ({
  cancelAt: iso(row.cancelAt ?? row.currentPeriodEnd),
  reason: row.cancellationReason,
  feedback: row.cancellationFeedback,
  comment: row.cancellationComment,
})

const trialKey = (row: Row) => iso(row.trialEnd) ?? "trial"

function tellCreated(row: Row, told: Told): void {
  told.add("subscription.created", null)
  if (row.status === "trialing") told.add("subscription.trial_started", null, { trialEnd: iso(row.trialEnd) })
  if (row.status === "active") told.add("subscription.activated", null)
}

function tellStatus(row: Row, before: string, event: StripeEvent, told: Told): void {
  const { status } = row
  const once = String(event.createdAt.getTime() / 1000)
  if (before === "trialing") told.add("subscription.trial_ended", trialKey(row), { converted: status === "active" })
  if (status === "active" && (before === "trialing" || before === "incomplete"))
    told.add("subscription.activated", null)
  if (status === "active" && before === "paused") told.add("subscription.resumed", once)
  if (status === "trialing" && before === "incomplete")
    told.add("subscription.trial_started", null, { trialEnd: iso(row.trialEnd) })
  if (status === "past_due") told.add("subscription.past_due", row.latestInvoiceId ?? once)
  if (status === "paused") told.add("subscription.paused", once)
}

function tellUpdated(row: Row, items: SubscriptionItemRow[], event: StripeEvent, told: Told): void {
  const { previous } = event
  const once = String(event.createdAt.getTime() / 1000)
  const statusBefore = text(previous, "status")
  if (statusBefore !== null && statusBefore !== row.status) tellStatus(row, statusBefore, event, told)

  if ("cancel_at_period_end" in previous || "cancel_at" in previous) {
    const before = cancelScheduled({
      cancelAtPeriodEnd:
        "cancel_at_period_end" in previous ? previous.cancel_at_period_end === true : row.cancelAtPeriodEnd,
      cancelAt: "cancel_at" in previous ? time(previous, "cancel_at") : row.cancelAt,
      endedAt: null,
    })
    const now = cancelScheduled(row)
    if (now && !before)
      told.add(
        "subscription.cancel_scheduled",
        `${iso(row.cancelAt ?? row.currentPeriodEnd)}:${once}`,
        cancellation(row),
      )
    if (!now && before && row.endedAt === null) told.add("subscription.cancel_unscheduled", once)
  }
  if ("pause_collection" in previous) {
    const before = previous.pause_collection !== null
    if (row.pauseBehavior !== null && !before)
      told.add("subscription.paused", once, { resumesAt: iso(row.pauseResumesAt) })
    if (row.pauseBehavior === null && before) told.add("subscription.resumed", once)
  }
  if (itemsChanged(previous, items)) told.add("subscription.plan_changed", once)
}

/** A new period shows up in `items` too; only other prices or quantities are another plan. */
function itemsChanged(previous: Payload, items: SubscriptionItemRow[]): boolean {
  if (!("items" in previous)) return "plan" in previous || "quantity" in previous
  const terms = (priceId: string | null, quantity: number | null) => `${priceId} ${quantity}`
  const before = list(previous, "items").map((item) =>
    terms(idOf(item, "price") ?? idOf(item, "plan"), count(item, "quantity")),
  )
  const now = items.map((item) => terms(item.priceId, item.quantity))
  return before.sort().join() !== now.sort().join()
}

function tellEnded(row: Row, told: Told): void {
  const { endedAt, trialEnd } = row
  const hour = 3_600_000
  if (endedAt && trialEnd && Math.abs(endedAt.getTime() - trialEnd.getTime()) <= 2 * hour)
    told.add("subscription.trial_ended", trialKey(row), { converted: false })
  told.add("subscription.ended", null, cancellation(row))
}

function interpret(event: StripeEvent): Interpretation {
  const snapshot = readSubscription(event.object)
  const { row, id } = snapshot
  const told = new Told(row)
  switch (event.type) {
    case "customer.subscription.created":
      tellCreated(row, told)
      break
    case "customer.subscription.deleted":
      tellEnded(row, told)
      break
    case "customer.subscription.trial_will_end":
      told.add("subscription.trial_will_end", trialKey(row), { trialEnd: iso(row.trialEnd) })
      break
    default:
      tellUpdated(row, snapshot.items ?? [], event, told)
  }
  const what = (snapshot.items ?? []).map(({ productId, priceId, quantity }) => ({ productId, priceId, quantity }))
  return {
    ...nothing,
    owner: snapshot.owner,
    snapshots: [snapshot],
    state: stateOf(snapshot, event.type.endsWith(".created") ? null : (text(event.previous, "status") ?? row.status)),
    products: (snapshot.items ?? []).flatMap((item) => item.productId ?? []),
    judgedBy: id,
    changes: told.drafts,
    timeline: told.drafts.map(({ kind, key, data }) => ({
      kind,
      key,
      data: { ...data, subscription: id, items: what },
    })),
    truncated: isTruncated(event.object, "items")
      ? [{ field: "items", path: `/v1/subscription_items?subscription=${encodeURIComponent(id)}&limit=100` }]
      : [],
  }
}

const schedule = "What a schedule changes comes as events of its subscription."

export const subscriptionEvents: Record<string, Interpret> = {
  "customer.subscription.created": interpret,
  "customer.subscription.updated": interpret,
  "customer.subscription.deleted": interpret,
  "customer.subscription.paused": interpret,
  "customer.subscription.resumed": interpret,
  "customer.subscription.trial_will_end": interpret,
  "customer.subscription.pending_update_applied": interpret,
  "customer.subscription.pending_update_expired": interpret,
  "subscription_schedule.aborted": schedule,
  "subscription_schedule.canceled": schedule,
  "subscription_schedule.completed": schedule,
  "subscription_schedule.created": schedule,
  "subscription_schedule.expiring": schedule,
  "subscription_schedule.released": schedule,
  "subscription_schedule.updated": schedule,
}
