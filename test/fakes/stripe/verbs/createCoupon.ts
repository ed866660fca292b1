import type { Account } from "../account.ts"
import { type CouponInput, coupon } from "../objects/coupon.ts"
import type { Coupon } from "../wire.ts"

export function createCoupon(account: Account, input: CouponInput): Coupon {
  return account.add("coupon", coupon({ ...input, ...account.stamp() }), "coupon.created")
}
