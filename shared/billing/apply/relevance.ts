import type { AnySnapshot } from "../snapshot.ts"
import type { InvoiceRow, SubscriptionRow } from "./loadState.ts"
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

/** A payment that an event is about: by whichever of these ids the event's API version names. */
export interface Payment {
  /** The payment intent's id, else the charge's. */
  key: string
  chargeId: string | null
  paymentIntentId: string | null
  invoiceId: string | null
}

export function paymentOf({ table, id, row }: AnySnapshot): Payment | null {
  switch (table) {
    case "charges":
      return {
        key: row.paymentIntentId ?? id,
        chargeId: id,
        paymentIntentId: row.paymentIntentId,
        invoiceId: row.invoiceId,
      }
    case "paymentIntents":
      return { key: id, chargeId: row.latestChargeId, paymentIntentId: id, invoiceId: row.invoiceId }
    case "refunds":
    case "disputes": {
      const { chargeId, paymentIntentId } = row
      return { key: paymentIntentId ?? chargeId ?? id, chargeId, paymentIntentId, invoiceId: null }
    }
    default:
      return null
  }
}

export const paymentsOf = ({ says }: WorkItem): Payment[] =>
  says.snapshots.flatMap((snapshot) => paymentOf(snapshot) ?? [])

/** Invoices by the payment intent that a batch says pays them. */
export function invoiceOfIntents(items: WorkItem[]): Map<string, string> {
  const invoices = new Map<string, string>()
  for (const { says } of items)
    for (const { table, row } of says.snapshots)
      if (table === "invoicePayments" && row.paymentIntentId) invoices.set(row.paymentIntentId, row.invoiceId)
  return invoices
}

/** Adds to what is known of invoices and payments what a batch tells. */
export function withPaidForIn(
  items: WorkItem[],
  invoices: Map<string, InvoiceRow>,
  known: Map<string, boolean>,
): Map<string, boolean> {
  const paidFor = new Map(known)
  for (const [id, { relevant }] of invoices) paidFor.set(id, relevant)
  for (const [intent, invoiceId] of invoiceOfIntents(items)) {
    const relevant = paidFor.get(invoiceId)
    if (relevant !== undefined) paidFor.set(intent, relevant)
  }
  return paidFor
}

/** What is known of the product that a payment paid for; empty where nothing is. */
export const judgedPayments = (payments: Payment[], paidFor: Map<string, boolean>): boolean[] =>
  payments.flatMap(({ key, chargeId, paymentIntentId, invoiceId }) =>
    [invoiceId, paymentIntentId, chargeId, key].flatMap((id) => (id === null ? [] : (paidFor.get(id) ?? []))),
  )

/**
 * Whether an event may have an effect that its customer sees. A payment is judged by its invoice; one for no invoice
 * names no product, so it is not for one of ours.
 */
export function itemRelevant(item: WorkItem, judgement: Judgement & { paidFor: Map<string, boolean> }): boolean {
  const { isOwn, subscriptions, mode, paidFor } = judgement
  const { products, judgedBy } = item.says
  if (mode === "all") return true
  if (products !== null) return isOwn(products)
  const judge = judgedBy ? subscriptions.get(judgedBy) : undefined
  if (judge) return judge.relevant
  const payments = paymentsOf(item)
  return payments.length === 0 || judgedPayments(payments, paidFor).includes(true)
}
