import { type StripeObject, stripeId } from "./json.ts"

interface Money {
  customer: string
  amount: number
  currency: unknown
  created: number
}

export function paymentIntent(input: Money & { paymentMethod: string | null }): StripeObject {
  return {
    id: stripeId("pi"),
    object: "payment_intent",
    amount: input.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic",
    client_secret: null,
    confirmation_method: "automatic",
    created: input.created,
    currency: input.currency,
    customer: input.customer,
    description: "Subscription",
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: input.paymentMethod,
    payment_method_options: {},
    payment_method_types: ["card"],
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_confirmation",
    transfer_data: null,
    transfer_group: null,
  }
}

export function charge(
  input: Money & { paymentIntent: string; paymentMethod: string | null; declineCode: string | null },
): StripeObject {
  const id = stripeId("ch")
  const failed = input.declineCode !== null
  return {
    id,
    object: "charge",
    amount: input.amount,
    amount_captured: failed ? 0 : input.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    calculated_statement_descriptor: "EXAMPLE HOSTING",
    captured: !failed,
    created: input.created,
    currency: input.currency,
    customer: input.customer,
    description: "Subscription",
    disputed: false,
    failure_balance_transaction: null,
    failure_code: failed ? (input.declineCode === "expired_card" ? "expired_card" : "card_declined") : null,
    failure_message: failed ? "Your card was declined." : null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    on_behalf_of: null,
    outcome: {
      advice_code: null,
      network_advice_code: null,
      network_decline_code: failed ? "05" : null,
      network_status: failed ? "declined_by_network" : "approved_by_network",
      reason: input.declineCode,
      risk_level: "normal",
      seller_message: failed ? "The bank declined the payment." : "Payment complete.",
      type: failed ? "issuer_declined" : "authorized",
    },
    paid: !failed,
    payment_intent: input.paymentIntent,
    payment_method: input.paymentMethod,
    payment_method_details: { card: { brand: "visa", exp_month: 8, exp_year: 2030, last4: "4242" }, type: "card" },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: failed ? "failed" : "succeeded",
    transfer_data: null,
    transfer_group: null,
  }
}

export function invoicePayment(input: { invoice: StripeObject; paymentIntent: string; created: number }): StripeObject {
  return {
    id: stripeId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: input.invoice.amount_due,
    created: input.created,
    currency: input.invoice.currency,
    invoice: input.invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: input.paymentIntent, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  }
}

export function refund(input: { charge: StripeObject; amount: number; created: number }): StripeObject {
  return {
    id: stripeId("re"),
    object: "refund",
    amount: input.amount,
    balance_transaction: null,
    charge: input.charge.id,
    created: input.created,
    currency: input.charge.currency,
    destination_details: { card: { type: "refund" }, type: "card" },
    metadata: {},
    payment_intent: input.charge.payment_intent,
    reason: "requested_by_customer",
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  }
}

export function dispute(input: { charge: StripeObject; created: number }): StripeObject {
  return {
    id: stripeId("dp"),
    object: "dispute",
    amount: input.charge.amount,
    balance_transactions: [],
    charge: input.charge.id,
    created: input.created,
    currency: input.charge.currency,
    evidence: {},
    evidence_details: { due_by: input.created + 7 * 86_400, has_evidence: false, past_due: false, submission_count: 0 },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: input.charge.payment_intent,
    payment_method_details: {
      card: { brand: "visa", case_type: "chargeback", network_reason_code: "10.4" },
      type: "card",
    },
    reason: "fraudulent",
    status: "needs_response",
  }
}
