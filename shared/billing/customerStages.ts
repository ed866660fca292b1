import type { StateRow, SubscriptionRow } from "./apply/loadState.ts"
import { stateOf } from "./events/subscriptionEvents.ts"
import { orderStates } from "./orderStates.ts"
import { stageHistory } from "./stageHistory.ts"

/**
 * A customer's stage and its history by every look of their subscriptions. What the rows say now has the last word over
 * the looks they came by.
 */
export function customerStages(
  input: { createdAt: Date; states: StateRow[]; subscriptions: SubscriptionRow[]; now: Date },
  lifecycle: Parameters<typeof stageHistory>[1],
): ReturnType<typeof stageHistory> {
  const { createdAt, states, subscriptions, now } = input
  const latest = subscriptions.map((row) => ({
    ...stateOf({ table: "subscriptions", id: row.id, row, owner: null, settled: row.settled, progress: {} }, null),
    occurredAt: row.syncedAt,
    position: "9",
    relevant: row.relevant,
  }))
  const paidSince = new Map(subscriptions.map((row) => [row.id, firstPaidTime(row)]))
  const looks = orderStates([...states, ...latest]).map((look) => ({
    ...look,
    at: look.occurredAt,
    paidSince: look.status === "canceled" ? (paidSince.get(look.subscriptionId) ?? null) : null,
  }))
  return stageHistory({ createdAt, states: looks, now }, lifecycle)
}

const hour = 3_600_000

/** When the first paid period of an ended subscription began, as far as its own times tell; null: it ended before one. */
function firstPaidTime({ status, startedAt, trialEnd, endedAt }: SubscriptionRow): Date | null {
  if (status !== "canceled" || endedAt === null) return null
  if (trialEnd !== null && trialEnd > startedAt)
    // A trial that is not paid for ends within the hours that Stripe takes to bill it.
    return endedAt.getTime() - trialEnd.getTime() > 2 * hour ? trialEnd : null
  return endedAt > startedAt ? startedAt : null
}
