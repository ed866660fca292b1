import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../../http/faultMiddleware.ts"
import { createCoupon } from "../../verbs/createCoupon.ts"
import { type ApiParts, endpoint, listing } from "../endpoint.ts"
import { paging } from "../listPage.ts"
import { decimal, metadata, whole } from "../params.ts"
import { retrieve } from "./catalogue.ts"

const fields = z.strictObject({
  id: z.string().optional(),
  name: z.string().optional(),
  percent_off: decimal.optional(),
  amount_off: whole.optional(),
  currency: z.string().optional(),
  duration: z.enum(["once", "repeating", "forever"]).default("once"),
  duration_in_months: whole.optional(),
  metadata: metadata.optional(),
})

export function coupons(parts: ApiParts) {
  const { account } = parts
  return new Hono<NodeEnv>()
    .get("/", listing(parts, z.strictObject(paging), { objects: () => account.store.all("coupon") }))
    .post(
      "/",
      endpoint(parts, fields, (input) =>
        createCoupon(account, {
          id: input.id,
          name: input.name,
          percentOff: input.percent_off,
          amountOff: input.amount_off,
          currency: input.currency,
          duration: input.duration,
          durationInMonths: input.duration_in_months,
          metadata: input.metadata,
        }),
      ),
    )
    .get("/:id", retrieve(parts, "coupon"))
    .delete(
      "/:id",
      endpoint(parts, z.strictObject({}), (_, id) => {
        const gone = account.store.need("coupon", id)
        account.store.delete("coupon", id)
        account.tell("coupon.deleted", gone)
        return { id, object: "coupon", deleted: true }
      }),
    )
}
