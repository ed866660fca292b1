import { stripeId } from "../ids.ts"
import { listOf } from "../list.ts"
import type { Price, Subscription, SubscriptionItem } from "../wire.ts"
import { planOf } from "./price.ts"
import type { Stamp } from "./stamp.ts"

export interface SubscriptionInput {
  customer: string
  items: { price: Price; quantity: number; metadata?: Record<string, string> | undefined }[]
  status: Subscription["status"]
  periodEnd: number
  trialEnd: number | null
  paymentMethod: string | null
  missingPaymentMethod: "create_invoice" | "pause" | "cancel"
  metadata?: Record<string, string> | undefined
  description?: string | null | undefined
}

export function subscription(input: SubscriptionInput & Stamp): Subscription {
  const id = stripeId("sub")
  const period = { start: input.created, end: input.periodEnd }
  const items = input.items.map((each) =>
    subscriptionItem({ ...each, subscription: id, period, created: input.created }),
  )
  return {
    id,
    object: "subscription",
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: input.trialEnd ?? input.created,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: "included" }, type: "flexible" },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: "charge_automatically",
    created: input.created,
    currency: input.items[0]?.price.currency ?? "eur",
    customer: input.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: input.paymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: input.description ?? null,
    discounts: [],
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: "self" },
    },
    items: listOf(items, `/v1/subscription_items?subscription=${id}`),
    latest_invoice: null,
    livemode: input.livemode,
    managed_payments: { enabled: false },
    metadata: input.metadata ?? {},
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
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: input.missingPaymentMethod },
    },
    trial_start: input.trialEnd === null ? null : input.created,
  }
}

export function subscriptionItem(input: {
  subscription: string
  price: Price
  quantity: number
  period: { start: number; end: number }
  created: number
  metadata?: Record<string, string> | undefined
}): SubscriptionItem {
  return {
    id: stripeId("si"),
    object: "subscription_item",
    billing_thresholds: null,
    created: input.created,
    current_period_end: input.period.end,
    current_period_start: input.period.start,
    current_trial: null,
    discounts: [],
    metadata: input.metadata ?? {},
    plan: planOf(input.price),
    price: structuredClone(input.price),
    quantity: input.quantity,
    subscription: input.subscription,
    tax_rates: [],
  }
}
