import type { Account } from "../account.ts"
import { discount } from "../objects/coupon.ts"
import { StripeError } from "../stripeError.ts"
import type { Discount, Subscription } from "../wire.ts"

/** Gives a subscription a discount in place of what it had. */
export function applyCoupon(account: Account, subscription: Subscription, couponId: string): Discount {
  return account.around(subscription, "customer.subscription.updated", () =>
    giveDiscount(account, subscription, couponId),
  )
}

/** The same, for the caller to tell. */
export function giveDiscount(account: Account, subscription: Subscription, couponId: string): Discount {
  const coupon = account.store.need("coupon", couponId, "discounts[0][coupon]")
  if (!coupon.valid) throw new StripeError(400, `Coupon expired: ${couponId}`, { code: "coupon_expired" })
  const start = account.now()
  const months = coupon.duration === "repeating" ? (coupon.duration_in_months ?? 1) : null
  const given = discount({
    coupon,
    customer: subscription.customer,
    subscription: subscription.id,
    start,
    end: months === null ? null : monthsLater(start, months),
  })
  coupon.times_redeemed++
  account.add("discount", given, "customer.discount.created")
  subscription.discounts = [given.id]
  return given
}

export function removeDiscount(account: Account, subscription: Subscription): Discount | null {
  return account.around(subscription, "customer.subscription.updated", () => dropDiscount(account, subscription))
}

/** The same, for the caller to tell. */
export function dropDiscount(account: Account, subscription: Subscription): Discount | null {
  const gone = account.store.get("discount", subscription.discounts[0])
  if (!gone) return null
  account.store.delete("discount", gone.id)
  account.tell("customer.discount.deleted", { ...gone, end: account.now() })
  subscription.discounts = []
  return gone
}

function monthsLater(start: number, months: number): number {
  const end = new Date(start * 1000)
  end.setUTCMonth(end.getUTCMonth() + months)
  return end.getTime() / 1000
}
