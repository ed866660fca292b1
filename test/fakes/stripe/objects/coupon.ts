import { stripeId } from "../ids.ts"
import type { Coupon, Discount } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

export interface CouponInput {
  id?: string | undefined
  name?: string | null | undefined
  percentOff?: number | null | undefined
  amountOff?: number | null | undefined
  currency?: string | null | undefined
  duration: "once" | "repeating" | "forever"
  durationInMonths?: number | null | undefined
  metadata?: Record<string, string> | undefined
}

export function coupon(input: CouponInput & Stamp): Coupon {
  return {
    id: input.id ?? stripeId("c").slice(3, 11),
    object: "coupon",
    amount_off: input.amountOff ?? null,
    created: input.created,
    currency: input.currency ?? null,
    duration: input.duration,
    duration_in_months: input.durationInMonths ?? null,
    livemode: input.livemode,
    max_redemptions: null,
    metadata: input.metadata ?? {},
    name: input.name ?? null,
    percent_off: input.percentOff ?? null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
  }
}

export function discount(input: {
  coupon: Coupon
  customer: string
  subscription: string | null
  start: number
  end: number | null
}): Discount {
  return {
    id: stripeId("di"),
    object: "discount",
    checkout_session: null,
    customer: input.customer,
    customer_account: null,
    end: input.end,
    invoice: null,
    invoice_item: null,
    promotion_code: null,
    source: { coupon: input.coupon.id, type: "coupon" },
    start: input.start,
    subscription: input.subscription,
    subscription_item: null,
  }
}
