import { stripeId } from "../ids.ts"
import type { Customer } from "../wire.ts"
import { addressIn } from "./address.ts"
import type { Stamp } from "./stamp.ts"

export interface CustomerInput {
  email?: string | null | undefined
  name?: string | null | undefined
  country?: string | null | undefined
  address?: Customer["address"] | undefined
  phone?: string | null | undefined
  description?: string | null | undefined
  preferred_locales?: string[] | undefined
  tax_exempt?: Customer["tax_exempt"] | undefined
  metadata?: Record<string, string> | undefined
}

export function customer(input: CustomerInput & Stamp): Customer {
  return {
    id: stripeId("cus"),
    object: "customer",
    address: input.address ?? (input.country ? addressIn(input.country) : null),
    balance: 0,
    created: input.created,
    currency: null,
    default_source: null,
    delinquent: false,
    description: input.description ?? null,
    discount: null,
    email: input.email ?? null,
    invoice_prefix: stripeId("x").slice(3, 11).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: input.livemode,
    metadata: input.metadata ?? {},
    name: input.name ?? null,
    next_invoice_sequence: 1,
    phone: input.phone ?? null,
    preferred_locales: input.preferred_locales ?? [],
    shipping: null,
    tax_exempt: input.tax_exempt ?? "none",
    test_clock: null,
  }
}
