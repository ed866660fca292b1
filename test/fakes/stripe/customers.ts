import { type StripeObject, stripeId } from "./json.ts"

export function customer(input: {
  email: string | null
  name: string | null
  country: string | null
  currency: string | null
  created: number
}): StripeObject {
  const address = input.country
    ? { city: null, country: input.country, line1: null, line2: null, postal_code: null, state: null }
    : null
  return {
    id: stripeId("cus"),
    object: "customer",
    address,
    balance: 0,
    created: input.created,
    currency: input.currency,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: input.email,
    invoice_prefix: stripeId("x").slice(3, 11).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: input.name,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  }
}

/** How the card behaves when it is charged: as it should, declined with a code, or only with the bank's confirmation. */
export type CardBehaviour =
  | "works"
  | "authentication_required"
  | "insufficient_funds"
  | "expired_card"
  | "generic_decline"

export function paymentMethod(input: { customer: string; created: number }): StripeObject {
  return {
    id: stripeId("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    card: {
      brand: "visa",
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: "DE",
      display_brand: "visa",
      exp_month: 8,
      exp_year: 2030,
      fingerprint: "fakefingerprint0",
      funding: "credit",
      generated_from: null,
      last4: "4242",
      networks: { available: ["visa"], preferred: null },
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: input.created,
    customer: input.customer,
    livemode: false,
    metadata: {},
    type: "card",
  }
}
