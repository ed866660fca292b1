import type { customers, invoices, subscriptionItems, subscriptions } from "../db/schema/billing.ts"
import { cancelScheduled } from "./events/subscriptionEvents.ts"
import type { CustomerFacts, InvoiceFacts, SubscriptionFacts } from "./facts.ts"

const iso = (date: Date | null) => date?.toISOString() ?? null

export function customerFacts(row: typeof customers.$inferSelect): CustomerFacts {
  return {
    id: row.id,
    stripeId: row.stripeId,
    email: row.email,
    name: row.name,
    country: row.country,
    currency: row.currency,
    locale: row.locale,
    timeZone: row.timeZone,
    tags: row.tags,
    stage: row.stage,
    delinquent: row.delinquent,
    deleted: row.deletedAt !== null,
    known: row.syncedAt.getTime() > 0,
    metadata: row.metadata,
  }
}

export function subscriptionFacts(
  row: Omit<typeof subscriptions.$inferSelect, "customerId">,
  items: (typeof subscriptionItems.$inferSelect)[],
  productName: (id: string) => string | null,
): SubscriptionFacts {
  const products = items.flatMap((item) => item.productId ?? [])
  return {
    id: row.id,
    relevant: row.relevant,
    status: row.status,
    plan: products.map((id) => productName(id) ?? id).join(", "),
    products,
    prices: items.flatMap((item) => item.priceId ?? []),
    intervals: items.flatMap((item) => item.interval ?? []),
    quantity: items.reduce((sum, item) => sum + (item.quantity ?? 1), 0),
    currency: row.currency,
    cancelScheduled: cancelScheduled(row),
    cancelAt: iso(row.cancelAt ?? (row.cancelAtPeriodEnd ? row.currentPeriodEnd : null)),
    trialEnd: iso(row.trialEnd),
    currentPeriodEnd: iso(row.currentPeriodEnd),
    endedAt: iso(row.endedAt),
    paused: row.pauseBehavior !== null || row.status === "paused",
    cancellationReason: row.cancellationReason,
    metadata: row.metadata,
  }
}

export function invoiceFacts(row: Omit<typeof invoices.$inferSelect, "customerId">): InvoiceFacts {
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    currency: row.currency,
    total: row.total,
    amountDue: row.amountDue,
    amountPaid: row.amountPaid,
    amountRemaining: row.amountRemaining,
    attemptCount: row.attemptCount,
    nextPaymentAttempt: iso(row.nextPaymentAttempt),
    billingReason: row.billingReason,
    hostedInvoiceUrl: row.hostedInvoiceUrl,
  }
}
