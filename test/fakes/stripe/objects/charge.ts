import { type DeclineCode, declines } from "../card.ts"
import { stripeId } from "../ids.ts"
import type { Charge, PaymentIntent, PaymentMethod } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

export function charge(
  input: { intent: PaymentIntent; method: PaymentMethod; decline: DeclineCode | null } & Stamp,
): Charge {
  const { intent, method, decline } = input
  const refused = decline === null ? null : declines[decline]
  return {
    id: stripeId("ch"),
    object: "charge",
    amount: intent.amount,
    amount_captured: refused ? 0 : intent.amount,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: refused ? null : stripeId("txn"),
    billing_details: structuredClone(method.billing_details),
    calculated_statement_descriptor: "EXAMPLE HOSTING",
    captured: !refused,
    created: input.created,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: refused?.code ?? null,
    failure_message: refused?.message ?? null,
    fraud_details: {},
    livemode: input.livemode,
    metadata: {},
    on_behalf_of: null,
    outcome: {
      advice_code: refused ? "try_again_later" : null,
      network_advice_code: null,
      network_decline_code: refused ? "05" : null,
      network_status: refused ? "declined_by_network" : "approved_by_network",
      reason: decline,
      risk_level: "normal",
      seller_message: refused ? "The bank did not return any further details with this decline." : "Payment complete.",
      type: refused ? "issuer_declined" : "authorized",
    },
    paid: !refused,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { card: cardDetails(method, intent.amount), type: "card" },
    receipt_email: null,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: refused ? "failed" : "succeeded",
    transfer_data: null,
    transfer_group: null,
  }
}

type CardDetails = NonNullable<NonNullable<Charge["payment_method_details"]>["card"]>

function cardDetails(method: PaymentMethod, amount: number): CardDetails {
  return {
    amount_authorized: amount,
    authorization_code: null,
    brand: "visa",
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
    country: method.card?.country ?? null,
    electronic_commerce_indicator: null,
    exp_month: method.card?.exp_month ?? 1,
    exp_year: method.card?.exp_year ?? 2030,
    extended_authorization: { status: "disabled" },
    fingerprint: method.card?.fingerprint ?? null,
    funding: "credit",
    incremental_authorization: { status: "unavailable" },
    installments: null,
    last4: method.card?.last4 ?? null,
    mandate: null,
    multicapture: { status: "unavailable" },
    network: "visa",
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: amount, status: "unavailable" },
    regulated_status: "unregulated",
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  }
}
