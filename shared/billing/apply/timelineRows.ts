import type { timelineEntries } from "../../db/schema/billing.ts"
import type { WorkItem } from "./readClaimed.ts"

export type TimelineRow = Omit<typeof timelineEntries.$inferSelect, "id">

/** The lines that these events put on timelines; where several tell the same thing, the earliest does. */
export function timelineRows(
  items: WorkItem[],
  customerIdOf: (stripeId: string | null) => string | null,
  now: Date,
): TimelineRow[] {
  const rows = new Map<string, TimelineRow>()
  for (const { says, event, customer, foundAt } of items) {
    const customerId = customerIdOf(customer)
    if (customerId === null) continue
    for (const draft of says.timeline) {
      const key = `${draft.kind}:${draft.key}`
      const occurredAt = event.createdAt < now ? event.createdAt : now
      // Items come in order of time, so the first to tell it is the earliest.
      if (!rows.has(key))
        rows.set(key, {
          key,
          customerId,
          occurredAt,
          kind: draft.kind,
          data: draft.data,
          source: foundAt ? "sync" : "stripe",
          sourceId: event.id,
        })
    }
  }
  return [...rows.values()].sort(
    (a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || rankOf(a.kind) - rankOf(b.kind),
  )
}

/** What Stripe tells of within one second, in the order in which people would tell it. */
const story = [
  "customer.created",
  "payment_method.",
  "checkout.",
  "subscription.created",
  "subscription.trial_started",
  "invoice.finalized",
  "payment.",
  "invoice.payment_failed",
  "invoice.paid",
  "subscription.activated",
]
const rankOf = (kind: string) => {
  const rank = story.findIndex((beginning) => kind.startsWith(beginning))
  return rank === -1 ? story.length : rank
}
