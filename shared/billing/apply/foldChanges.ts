import type { Change } from "../change.ts"
import type { InvoiceRow, PaymentFailure } from "./loadState.ts"
import type { WorkItem } from "./readClaimed.ts"

const earlier = (a: Date, b: Date) => (a < b ? a : b)

/** Paid after a failure: told whichever of the two was learnt last. */
export function recoveries(items: WorkItem[], invoices: Map<string, InvoiceRow>, now: Date): Change[] {
  const seen = new Set<string>()
  return items.flatMap(({ says, event }) =>
    says.snapshots.flatMap((snapshot) => {
      const invoice = snapshot.table === "invoices" && !seen.has(snapshot.id) ? invoices.get(snapshot.id) : undefined
      if (!invoice?.relevant || invoice.status !== "paid" || invoice.firstFailedAt === null) return []
      const paidAt = invoice.paidAt ?? invoice.syncedAt
      if (paidAt < invoice.firstFailedAt) return []
      seen.add(snapshot.id)
      return {
        kind: "invoice.recovered" as const,
        key: `invoice.recovered:${invoice.id}`,
        occurredAt: earlier(paidAt, now),
        eventId: event.id,
        customerId: invoice.customerId,
        subjectId: invoice.id,
        subscriptionId: invoice.subscriptionId,
        invoiceId: invoice.id,
        data: { amount: invoice.amountPaid, currency: invoice.currency, billingReason: invoice.billingReason },
      }
    }),
  )
}

/** What an event says has changed, for the rules. */
export function changesOf(
  { says, event }: WorkItem,
  customerId: string | null,
  now: Date,
  failures: Map<string, PaymentFailure>,
): Change[] {
  if (customerId === null) return []
  return says.changes.map((draft) => {
    const failure =
      draft.kind === "invoice.payment_failed" && draft.invoiceId ? failures.get(draft.invoiceId) : undefined
    return {
      ...draft,
      key: `${draft.kind}:${draft.key}`,
      // Stripe's clock may run ahead of ours; nothing has happened later than now.
      occurredAt: earlier(event.createdAt, now),
      eventId: event.id,
      customerId,
      data: failure
        ? { ...draft.data, declineCode: failure.declineCode, requiresAction: failure.requiresAction }
        : draft.data,
    }
  })
}

/** Why payments failed, as the events of this batch tell: what a change is told with must not depend on its batch. */
export function failuresIn(items: WorkItem[]): Map<string, PaymentFailure> {
  const failures = new Map<string, PaymentFailure>()
  for (const { says } of items)
    for (const { table, row } of says.snapshots) {
      const failed =
        (table === "charges" && row.status === "failed") || (table === "paymentIntents" && row.status !== "succeeded")
      if (!failed || row.invoiceId === null || (row.declineCode === null && row.failureCode === null)) continue
      const { declineCode, failureCode, status } = row
      const requiresAction =
        status === "requires_action" ||
        declineCode === "authentication_required" ||
        failureCode === "authentication_required"
      failures.set(row.invoiceId, { declineCode, failureCode, requiresAction })
    }
  return failures
}
