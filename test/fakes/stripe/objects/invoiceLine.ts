import { stripeId } from "../ids.ts"
import type { InvoiceItem, InvoiceLine, SubscriptionItem } from "../wire.ts"

const plain = (livemode: boolean) => ({
  id: stripeId("il"),
  object: "line_item" as const,
  discount_amounts: [],
  discounts: [],
  invoice: null,
  livemode,
  metadata: {},
  pretax_credit_amounts: [],
  taxes: [],
})

/** A period of a subscription item. */
export function periodLine(input: {
  item: SubscriptionItem
  amount: number
  description: string
  period: { start: number; end: number }
  livemode: boolean
}): InvoiceLine {
  const { item, amount } = input
  return {
    ...plain(input.livemode),
    amount,
    currency: item.price.currency,
    description: input.description,
    discountable: true,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: item.subscription,
        subscription_item: item.id,
      },
      type: "subscription_item_details",
    },
    period: input.period,
    pricing: {
      price_details: { price: item.price.id, product: item.price.product },
      type: "price_details",
      unit_amount_decimal: item.price.unit_amount_decimal,
    },
    quantity: item.quantity ?? 1,
    quantity_decimal: String(item.quantity ?? 1),
    subscription: item.subscription,
    subtotal: amount,
  }
}

/** A proration that was waiting for an invoice. */
export function prorationLine(item: InvoiceItem): InvoiceLine {
  const { pricing, parent } = item
  const details = pricing?.price_details
  return {
    ...plain(item.livemode),
    amount: item.amount,
    currency: item.currency,
    description: item.description,
    discountable: item.discountable,
    parent: {
      invoice_item_details: {
        invoice_item: item.id,
        proration: true,
        proration_details: { credited_items: null },
        subscription: parent?.subscription_details?.subscription ?? null,
      },
      subscription_item_details: null,
      type: "invoice_item_details",
    },
    period: item.period,
    pricing: details
      ? { price_details: details, type: "price_details", unit_amount_decimal: pricing?.unit_amount_decimal ?? null }
      : null,
    quantity: item.quantity,
    quantity_decimal: item.quantity_decimal,
    subscription: parent?.subscription_details?.subscription ?? null,
    subtotal: item.amount,
  }
}
