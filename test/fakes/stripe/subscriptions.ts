import { listOf, type StripeObject, stripeId } from "./json.ts"

export interface SubscriptionInput {
  customer: string
  price: StripeObject
  quantity: number
  status: "active" | "trialing" | "incomplete"
  trialEnd: number | null
  paymentMethod: string | null
  created: number
}

export function periodEnd(start: number, interval: unknown): number {
  const date = new Date(start * 1000)
  if (interval === "year") date.setUTCFullYear(date.getUTCFullYear() + 1)
  else date.setUTCMonth(date.getUTCMonth() + 1)
  return date.getTime() / 1000
}

export function intervalOf(price: unknown): unknown {
  const recurring = typeof price === "object" && price !== null ? Reflect.get(price, "recurring") : null
  return typeof recurring === "object" && recurring !== null ? Reflect.get(recurring, "interval") : null
}

export function subscription(input: SubscriptionInput): StripeObject {
  const id = stripeId("sub")
  const end = input.trialEnd ?? periodEnd(input.created, intervalOf(input.price))
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: end,
    billing_cycle_anchor_config: null,
    billing_mode: { type: "flexible", flexible: { proration_discounts: "included" } },
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, reason: null },
    collection_method: "charge_automatically",
    created: input.created,
    currency: input.price.currency,
    customer: input.customer,
    days_until_due: null,
    default_payment_method: input.paymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: [],
    ended_at: null,
    invoice_settings: { account_tax_ids: null, issuer: { type: "self" } },
    items: listOf([item(id, input, end)], `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: false,
    metadata: {},
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: "off" },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: input.created,
    status: input.status,
    test_clock: null,
    transfer_data: null,
    trial_end: input.trialEnd,
    trial_settings: { end_behavior: { missing_payment_method: "create_invoice" } },
    trial_start: input.trialEnd === null ? null : input.created,
  }
}

function item(subscriptionId: string, input: SubscriptionInput, end: number): StripeObject {
  return {
    id: stripeId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: input.created,
    current_period_end: end,
    current_period_start: input.created,
    discounts: [],
    metadata: {},
    plan: planOf(input.price),
    price: input.price,
    quantity: input.quantity,
    subscription: subscriptionId,
    tax_rates: [],
  }
}

/** The older face of a price, which Stripe still puts beside it. */
function planOf(price: StripeObject) {
  return {
    id: price.id,
    object: "plan",
    active: true,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: "per_unit",
    created: price.created,
    currency: price.currency,
    interval: intervalOf(price),
    interval_count: 1,
    livemode: false,
    metadata: {},
    meter: null,
    nickname: null,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: null,
    usage_type: "licensed",
  }
}
