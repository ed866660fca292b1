import { type StripeObject, stripeId } from "./json.ts"

export function product(input: { id?: string; name: string; created: number }): StripeObject {
  return {
    id: input.id ?? stripeId("prod"),
    object: "product",
    active: true,
    created: input.created,
    default_price: null,
    description: null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: {},
    name: input.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    type: "service",
    unit_label: null,
    updated: input.created,
    url: null,
  }
}

export function price(input: {
  id?: string
  product: string
  currency: string
  amount: number
  interval: "month" | "year"
  created: number
}): StripeObject {
  return {
    id: input.id ?? stripeId("price"),
    object: "price",
    active: true,
    billing_scheme: "per_unit",
    created: input.created,
    currency: input.currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: input.product,
    recurring: {
      interval: input.interval,
      interval_count: 1,
      meter: null,
      trial_period_days: null,
      usage_type: "licensed",
    },
    tax_behavior: "exclusive",
    tiers_mode: null,
    transform_quantity: null,
    type: "recurring",
    unit_amount: input.amount,
    unit_amount_decimal: String(input.amount),
  }
}

/** What the business sells, and one product that is not its own. */
export function defaultCatalogue(created: number): { products: StripeObject[]; prices: StripeObject[] } {
  const sold = [
    { id: "prod_starter", name: "Ops Starter", eur: 900, usd: 1000 },
    { id: "prod_pro", name: "Ops Pro", eur: 2900, usd: 3200 },
    { id: "prod_vip", name: "VIP", eur: 500, usd: 500 },
  ]
  return {
    products: sold.map(({ id, name }) => product({ id, name, created })),
    prices: sold.flatMap(({ id, eur, usd }) =>
      (["month", "year"] as const).flatMap((interval) =>
        (
          [
            ["eur", eur],
            ["usd", usd],
          ] as const
        ).map(([currency, amount]) =>
          price({
            id: `price_${id.slice(5)}_${currency}_${interval}`,
            product: id,
            currency,
            amount: interval === "year" ? amount * 10 : amount,
            interval,
            created,
          }),
        ),
      ),
    ),
  }
}
