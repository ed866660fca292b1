import { chargeOf, type InvoiceRow, type SubscriptionRow } from "./loadState.ts"
import type { WorkItem } from "./readClaimed.ts"

/** By what an event is judged against the product filter. */
export interface Judgement {
  isOwn: (products: string[]) => boolean
  subscriptions: Map<string, SubscriptionRow>
  mode: "all" | "only"
}

/** Whether an invoice is about one of our products: by its lines, else by its subscription. */
export function invoiceRelevant(
  row: { lines: { productId: string | null }[]; subscriptionId: string | null },
  { isOwn, subscriptions, mode }: Judgement,
): boolean {
  const products = row.lines.flatMap((line) => line.productId ?? [])
  if (products.length > 0) return isOwn(products)
  const subscription = row.subscriptionId ? subscriptions.get(row.subscriptionId) : undefined
  return subscription?.relevant ?? mode === "all"
}

/** Whether what a charge paid for is one of our products, as far as the batch tells; by charge id. */
export function paidForIn(items: WorkItem[], invoices: Map<string, InvoiceRow>): Map<string, boolean> {
  const snapshots = items.flatMap(({ says }) => says.snapshots)
  const invoiceOf = new Map<string, string>()
  for (const { table, row } of snapshots)
    if (table === "invoicePayments" && row.paymentIntentId) invoiceOf.set(row.paymentIntentId, row.invoiceId)
  const paidFor = new Map<string, boolean>()
  for (const { table, id, row } of snapshots) {
    if (table !== "charges") continue
    const invoiceId = row.invoiceId ?? (row.paymentIntentId ? invoiceOf.get(row.paymentIntentId) : undefined)
    const invoice = invoiceId ? invoices.get(invoiceId) : undefined
    if (invoice) paidFor.set(id, invoice.relevant)
  }
  return paidFor
}

/** Whether an event may have an effect that its customer sees. */
export function itemRelevant(
  { says }: WorkItem,
  judgement: Judgement & { customerId: string | null; paidFor: Map<string, boolean> },
): boolean {
  const { isOwn, subscriptions, mode, customerId, paidFor } = judgement
  if (mode === "all") return true
  if (says.products !== null) return isOwn(says.products)
  const judge = says.judgedBy ? subscriptions.get(says.judgedBy) : undefined
  if (judge) return judge.relevant
  const charges = says.snapshots.flatMap((snapshot) => chargeOf(snapshot) ?? [])
  const known = charges.flatMap((id) => paidFor.get(id) ?? [])
  if (known.length > 0) return known.includes(true)
  const aboutMoney = says.snapshots.some(
    ({ table }) => table === "charges" || table === "refunds" || table === "disputes",
  )
  if (!aboutMoney) return true
  // Nothing says what it was for: it counts for a customer who has one of our products.
  return [...subscriptions.values()].some((row) => row.customerId === customerId && row.relevant)
}
