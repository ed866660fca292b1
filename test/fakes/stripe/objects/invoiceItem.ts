import { stripeId } from "../ids.ts"
import type { InvoiceItem, Price, Subscription, SubscriptionItem } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

/** A proration that waits for the next invoice. */
export function invoiceItem(
  input: {
    subscription: Subscription
    item: SubscriptionItem
    price: Price
    quantity: number
    amount: number
    description: string
    period: { start: number; end: number }
  } & Stamp,
): InvoiceItem {
  return {
    id: stripeId("ii"),
    object: "invoiceitem",
    amount: input.amount,
    currency: input.price.currency,
    customer: input.subscription.customer,
    customer_account: null,
    date: input.created,
    description: input.description,
    discountable: false,
    discounts: [],
    invoice: null,
    livemode: input.livemode,
    metadata: {},
    net_amount: input.amount,
    parent: {
      subscription_details: { subscription: input.subscription.id, subscription_item: input.item.id },
      type: "subscription_details",
    },
    period: input.period,
    pricing: {
      price_details: { price: input.price.id, product: input.price.product },
      type: "price_details",
      unit_amount_decimal: String(input.amount / Math.max(1, input.quantity)),
    },
    proration: true,
    quantity: input.quantity,
    quantity_decimal: String(input.quantity),
    tax_rates: [],
    test_clock: null,
  }
}
