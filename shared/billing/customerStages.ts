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
  const looks = orderStates([...states, ...latest].filter(({ relevant }) => relevant)).map((look) => ({
    ...look,
    at: look.occurredAt,
  }))
  return stageHistory({ createdAt, states: looks, now }, lifecycle)
}
