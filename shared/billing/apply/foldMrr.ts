import { mrrOf } from "../mrrOf.ts"
import type { SubscriptionItem, SubscriptionRow } from "./loadState.ts"

export interface MrrRows {
  customerIds: string[]
  rows: { customerId: string; currency: string; amount: number }[]
}

/** What these customers pay a month, by all of their subscriptions. */
export function foldMrr(
  customerIds: Set<string>,
  subscriptions: Map<string, SubscriptionRow>,
  items: Map<string, SubscriptionItem[]>,
): MrrRows {
  const sums = new Map<string, { customerId: string; currency: string; amount: number }>()
  for (const subscription of subscriptions.values()) {
    const { customerId, id } = subscription
    if (!customerIds.has(customerId)) continue
    for (const [currency, amount] of mrrOf(subscription, items.get(id) ?? [])) {
      const key = `${customerId}:${currency}`
      sums.set(key, { customerId, currency, amount: amount + (sums.get(key)?.amount ?? 0) })
    }
  }
  return { customerIds: [...customerIds], rows: [...sums.values()] }
}
