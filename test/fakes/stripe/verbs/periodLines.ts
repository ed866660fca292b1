import type { Account } from "../account.ts"
import { periodLine } from "../objects/invoiceLine.ts"
import type { InvoiceLine, Subscription, SubscriptionItem } from "../wire.ts"

/** A line for each item of a subscription; at nothing while it is tried. */
export function periodLines(
  account: Account,
  subscription: Subscription,
  options: { trial: boolean; periodOf: (item: SubscriptionItem) => { start: number; end: number } },
): InvoiceLine[] {
  return subscription.items.data.map((item) => {
    const name = account.store.get("product", item.price.product)?.name ?? item.price.product
    const quantity = item.quantity ?? 1
    return periodLine({
      item,
      amount: options.trial ? 0 : (item.price.unit_amount ?? 0) * quantity,
      description: options.trial ? `Trial period for ${name}` : `${quantity} × ${name}`,
      period: options.periodOf(item),
      livemode: account.livemode,
    })
  })
}
