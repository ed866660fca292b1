import { listOf, type StripeObject, stripeId } from "./json.ts"

/** An invoice of one subscription item, as a draft. Tax is 19 % on top for customers in Germany, else none. */
export function invoice(input: {
  customer: StripeObject
  subscription: StripeObject
  price: StripeObject
  item: string
  quantity: number
  amount: number
  reason: "subscription_create" | "subscription_cycle"
  periodStart: number
  periodEnd: number
  created: number
  hostedUrl: (id: string) => string
}): StripeObject {
  const id = stripeId("in")
  const address = input.customer.address
  const country = typeof address === "object" && address !== null ? Reflect.get(address, "country") : null
  const tax = country === "DE" ? Math.round(input.amount * 0.19) : 0
  const total = input.amount + tax
  const taxes =
    tax > 0
      ? [
          {
            amount: tax,
            tax_behavior: "exclusive",
            tax_rate_details: { tax_rate: "txr_fake_de" },
            taxability_reason: "standard_rated",
            taxable_amount: input.amount,
            type: "tax_rate_details",
          },
        ]
      : []
  const subscriptionDetails = { metadata: {}, subscription: input.subscription.id }
  return {
    id,
    object: "invoice",
    account_country: "DE",
    account_name: "Example Hosting",
    account_tax_ids: null,
    amount_due: total,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: total,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: input.reason,
    collection_method: "charge_automatically",
    created: input.created,
    currency: input.price.currency,
    custom_fields: null,
    customer: input.customer.id,
    customer_address: address,
    customer_email: input.customer.email,
    customer_name: input.customer.name,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: input.hostedUrl(id),
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: listOf([line({ ...input, invoice: id })], `/v1/invoices/${id}/lines`),
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: { quote_details: null, subscription_details: subscriptionDetails, type: "subscription_details" },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: input.created,
    period_start: input.created,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal: input.amount,
    subtotal_excluding_tax: input.amount,
    test_clock: null,
    total,
    total_discount_amounts: [],
    total_excluding_tax: input.amount,
    total_pretax_credit_amounts: [],
    total_taxes: taxes,
    webhooks_delivered_at: input.created,
  }
}

function line(input: {
  invoice: string
  subscription: StripeObject
  price: StripeObject
  item: string
  quantity: number
  amount: number
  periodStart: number
  periodEnd: number
}) {
  return {
    id: stripeId("il"),
    object: "line_item",
    amount: input.amount,
    currency: input.price.currency,
    description: `${input.quantity} × ${String(input.price.product)}`,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: input.invoice,
    livemode: false,
    metadata: {},
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: false,
        proration_details: { credited_items: null },
        subscription: input.subscription.id,
        subscription_item: input.item,
      },
      type: "subscription_item_details",
    },
    period: { end: input.periodEnd, start: input.periodStart },
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: input.price.id, product: input.price.product },
      type: "price_details",
      unit_amount_decimal: input.price.unit_amount_decimal,
    },
    quantity: input.quantity,
    subtotal: input.amount,
    taxes: [],
  }
}
