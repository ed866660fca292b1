import { stripeId } from "../ids.ts"
import { listOf } from "../list.ts"
import type { Customer, Invoice, InvoiceLine, Subscription } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

export interface InvoiceInput {
  customer: Customer
  subscription: Subscription
  lines: InvoiceLine[]
  reason: "subscription_create" | "subscription_cycle" | "subscription_update"
  period: { start: number; end: number }
  amounts: Pick<
    Invoice,
    | "subtotal"
    | "total"
    | "total_taxes"
    | "total_discount_amounts"
    | "total_excluding_tax"
    | "total_pretax_credit_amounts"
    | "discounts"
  >
  finalizesAt: number | null
}

export function invoice(input: InvoiceInput & Stamp): Invoice {
  const id = stripeId("in")
  const { customer, subscription, amounts } = input
  const due = Math.max(0, amounts.total)
  return {
    ...amounts,
    id,
    object: "invoice",
    account_country: "DE",
    account_name: "Example Hosting",
    account_tax_ids: null,
    amount_due: due,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: due,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: input.finalizesAt,
    billing_reason: input.reason,
    collection_method: subscription.collection_method,
    created: input.created,
    currency: subscription.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    lines: listOf(
      input.lines.map((line) => ({ ...line, invoice: id })),
      `/v1/invoices/${id}/lines`,
    ),
    livemode: input.livemode,
    metadata: {},
    next_payment_attempt: input.finalizesAt,
    number: null,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
      type: "subscription_details",
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: input.period.end,
    period_start: input.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: customer.balance,
    statement_descriptor: null,
    status: "draft",
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal_excluding_tax: amounts.subtotal,
    test_clock: null,
    webhooks_delivered_at: null,
  }
}
