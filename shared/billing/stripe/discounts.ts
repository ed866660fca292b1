import type { Discount } from "../../db/schema/billing.ts"
import { currency, idOf, list, money, type Payload, part, text, time } from "./read.ts"

/** Discounts of a subscription, item or invoice. One `discount` before 2025-03-31; coupon below `source` since 2025-09-30. */
export function readDiscounts(payload: Payload): Discount[] {
  const single = part(payload, "discount")
  const entries = text(single, "id") ? [single] : list(payload, "discounts")
  return entries.map((entry) => {
    const holder = entry.coupon === undefined ? part(entry, "source") : entry
    const coupon = part(holder, "coupon")
    const percentOff = coupon.percent_off
    return {
      id: text(entry, "id"),
      coupon: idOf(holder, "coupon"),
      percentOff: typeof percentOff === "number" ? percentOff : null,
      amountOff: money(coupon, "amount_off"),
      currency: currency(coupon),
      duration: text(coupon, "duration"),
      end: time(entry, "end")?.toISOString() ?? null,
    }
  })
}

/** Events name discounts by their ids alone: what is known of them from before stays known. */
export function withKnownCoupons(discounts: Discount[], before: Discount[] | undefined): Discount[] {
  const known = new Map(before?.map((discount) => [discount.id, discount]))
  return discounts.map((discount) => (discount.coupon === null ? (known.get(discount.id) ?? discount) : discount))
}
