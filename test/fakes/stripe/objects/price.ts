import { stripeId } from "../ids.ts"
import type { Plan, Price } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

export type Interval = "day" | "week" | "month" | "year"

export interface PriceInput {
  id?: string | undefined
  product: string
  currency: string
  amount: number
  interval: Interval
  intervalCount?: number | undefined
  nickname?: string | null | undefined
  trialDays?: number | null | undefined
  metadata?: Record<string, string> | undefined
}

export function price(input: PriceInput & Stamp): Price {
  return {
    id: input.id ?? stripeId("price"),
    object: "price",
    active: true,
    billing_scheme: "per_unit",
    created: input.created,
    currency: input.currency,
    custom_unit_amount: null,
    livemode: input.livemode,
    lookup_key: null,
    metadata: input.metadata ?? {},
    nickname: input.nickname ?? null,
    product: input.product,
    recurring: {
      interval: input.interval,
      interval_count: input.intervalCount ?? 1,
      meter: null,
      trial_period_days: input.trialDays ?? null,
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

/** The older face of a price, which Stripe still puts beside it. */
export function planOf(of: Price): Plan {
  return {
    id: of.id,
    object: "plan",
    active: of.active,
    amount: of.unit_amount,
    amount_decimal: of.unit_amount_decimal,
    billing_scheme: of.billing_scheme,
    created: of.created,
    currency: of.currency,
    interval: of.recurring?.interval ?? "month",
    interval_count: of.recurring?.interval_count ?? 1,
    livemode: of.livemode,
    metadata: of.metadata,
    meter: null,
    nickname: of.nickname,
    product: of.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: of.recurring?.trial_period_days ?? null,
    usage_type: "licensed",
  }
}
