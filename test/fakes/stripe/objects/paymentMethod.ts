import { stripeId } from "../ids.ts"
import type { Customer, PaymentMethod } from "../wire.ts"
import { emptyAddress } from "./address.ts"
import type { Stamp } from "./stamp.ts"

export function paymentMethod(input: { customer: Customer; last4?: string | undefined } & Stamp): PaymentMethod {
  const { customer } = input
  return {
    id: stripeId("pm"),
    object: "payment_method",
    allow_redisplay: "limited",
    billing_details: {
      address: customer.address ?? emptyAddress,
      email: customer.email,
      name: customer.name ?? null,
      phone: null,
      tax_id: null,
    },
    card: {
      brand: "visa",
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: "pass" },
      country: customer.address?.country ?? "US",
      display_brand: "visa",
      exp_month: 8,
      exp_year: new Date(input.created * 1000).getUTCFullYear() + 4,
      fingerprint: stripeId("f").slice(3, 19),
      funding: "credit",
      generated_from: null,
      last4: input.last4 ?? "4242",
      networks: { available: ["visa"], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: input.created,
    customer: customer.id,
    customer_account: null,
    livemode: input.livemode,
    metadata: {},
    type: "card",
  }
}
