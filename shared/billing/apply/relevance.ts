import type { SubscriptionRow } from "./loadState.ts"
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

/** Whether an event may have an effect that its customer sees. */
export function itemRelevant(
  { says }: WorkItem,
  { isOwn, subscriptions, mode, customerId }: Judgement & { customerId: string | null },
): boolean {
  if (mode === "all") return true
  if (says.products !== null) return isOwn(says.products)
  const judge = says.judgedBy ? subscriptions.get(says.judgedBy) : undefined
  if (judge) return judge.relevant
  // A payment does not say what it was for: it counts for a customer who has one of our products.
  const aboutMoney = says.snapshots.some(
    ({ table }) => table === "charges" || table === "refunds" || table === "disputes",
  )
  if (!aboutMoney) return true
  return [...subscriptions.values()].some((row) => row.customerId === customerId && row.relevant)
}
