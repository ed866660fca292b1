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
  const looksOf = Map.groupBy(states, (look) => look.subscriptionId)
  const latest = subscriptions.map((row) => {
    const look = {
      ...stateOf({ table: "subscriptions", id: row.id, row, owner: null, settled: row.settled, progress: {} }, null),
      relevant: row.relevant,
    }
    return { ...look, occurredAt: timeOf(look, row, looksOf.get(row.id) ?? []), position: "9" }
  })
  const paidSince = new Map(subscriptions.map((row) => [row.id, firstPaidTime(row)]))
  const looks = orderStates([...states, ...latest]).map((look) => ({
    ...look,
    at: look.occurredAt,
    paidSince: look.status === "canceled" ? (paidSince.get(look.subscriptionId) ?? null) : null,
  }))
  return stageHistory({ createdAt, states: looks, now }, lifecycle)
}

type Look = Pick<StateRow, "status" | "cancelScheduled" | "paused" | "relevant">

/**
 * Since when a row is as it is: where one of the last looks says the same, since then, whenever the row was read. A row
 * that says what no look did is news of its own time, or of the end that it tells of.
 */
function timeOf(now: Look, row: SubscriptionRow, looks: StateRow[]): Date {
  const last = Math.max(...looks.map(({ occurredAt }) => occurredAt.getTime()))
  const same = looks.find(
    (look) =>
      look.occurredAt.getTime() === last &&
      look.status === now.status &&
      look.cancelScheduled === now.cancelScheduled &&
      look.paused === now.paused &&
      look.relevant === now.relevant,
  )
  return same?.occurredAt ?? row.endedAt ?? row.syncedAt
}

const hour = 3_600_000

/** When the first paid period of an ended subscription began, as far as its own times tell; null: it ended before one. */
export function firstPaidTime({
  status,
  startedAt,
  trialEnd,
  endedAt,
}: Pick<SubscriptionRow, "status" | "startedAt" | "trialEnd" | "endedAt">): Date | null {
  if (status !== "canceled" || endedAt === null) return null
  if (trialEnd !== null && trialEnd > startedAt)
    // A trial that is not paid for ends within the hours that Stripe takes to bill it.
    return endedAt.getTime() - trialEnd.getTime() > 2 * hour ? trialEnd : null
  return endedAt > startedAt ? startedAt : null
}
