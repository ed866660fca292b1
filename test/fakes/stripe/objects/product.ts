import { stripeId } from "../ids.ts"
import type { Product } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

export function product(
  input: { id?: string | undefined; name: string; metadata?: Record<string, string> | undefined } & Stamp,
): Product {
  return {
    id: input.id ?? stripeId("prod"),
    object: "product",
    active: true,
    created: input.created,
    default_price: null,
    description: null,
    images: [],
    livemode: input.livemode,
    marketing_features: [],
    metadata: input.metadata ?? {},
    name: input.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: "service",
    unit_label: null,
    updated: input.created,
    url: null,
  }
}
