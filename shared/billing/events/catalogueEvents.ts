import { readCoupon, readPrice, readProduct } from "../stripe/catalogue.ts"
import { type Interpret, nothing } from "./interpretation.ts"

const product =
  (deleted: boolean): Interpret =>
  (event) => ({ ...nothing, snapshots: [readProduct(event.object, deleted)] })
const price =
  (deleted: boolean): Interpret =>
  (event) => ({ ...nothing, snapshots: [readPrice(event.object, deleted)] })
const coupon =
  (deleted: boolean): Interpret =>
  (event) => ({ ...nothing, snapshots: [readCoupon(event.object, deleted)] })

const plan = "A plan is the older face of a price, which has events of its own."

export const catalogueEvents: Record<string, Interpret> = {
  "product.created": product(false),
  "product.updated": product(false),
  "product.deleted": product(true),
  "price.created": price(false),
  "price.updated": price(false),
  "price.deleted": price(true),
  "coupon.created": coupon(false),
  "coupon.updated": coupon(false),
  "coupon.deleted": coupon(true),
  "plan.created": plan,
  "plan.updated": plan,
  "plan.deleted": plan,
}
