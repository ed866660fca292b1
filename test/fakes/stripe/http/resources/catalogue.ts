import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../../http/faultMiddleware.ts"
import { price } from "../../objects/price.ts"
import { product } from "../../objects/product.ts"
import type { Kind } from "../../wire.ts"
import { type ApiParts, endpoint, listing } from "../endpoint.ts"
import { paging } from "../listPage.ts"
import { flag, metadata, whole } from "../params.ts"
import { mergeMetadata } from "./customers.ts"

const nothing = z.strictObject({})
const change = z.strictObject({
  active: flag.optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  metadata: metadata.optional(),
})
const priceFields = z.strictObject({
  product: z.string(),
  currency: z.string().regex(/^[a-z]{3}$/),
  unit_amount: whole,
  nickname: z.string().optional(),
  metadata: metadata.optional(),
  recurring: z.strictObject({
    interval: z.enum(["day", "week", "month", "year"]),
    interval_count: whole.optional(),
    trial_period_days: whole.optional(),
  }),
})

export function products(parts: ApiParts) {
  const { account } = parts
  const list = z.strictObject({ ...paging, active: flag.optional(), ids: z.array(z.string()).optional() })
  const create = z.strictObject({ id: z.string().optional(), name: z.string(), metadata: metadata.optional() })
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, list, {
        objects: () => account.store.all("product"),
        matches: (each, { active, ids }) =>
          (active === undefined || each.active === active) && (!ids || ids.includes(each.id)),
      }),
    )
    .post(
      "/",
      endpoint(parts, create, (input) =>
        account.add("product", product({ ...input, ...account.stamp() }), "product.created"),
      ),
    )
    .get("/:id", retrieve(parts, "product"))
    .post(
      "/:id",
      endpoint(parts, change, ({ metadata: given, ...fields }, id) => {
        const found = account.store.need("product", id)
        const merged = given ? { metadata: mergeMetadata(found.metadata, given) } : {}
        return account.change(found, { ...fields, ...merged, updated: account.now() }, "product.updated")
      }),
    )
    .delete(
      "/:id",
      endpoint(parts, nothing, (_, id) => {
        const gone = account.store.need("product", id)
        account.store.delete("product", id)
        account.tell("product.deleted", gone)
        return { id, object: "product", deleted: true }
      }),
    )
}

export function prices(parts: ApiParts) {
  const { account } = parts
  const list = z.strictObject({
    ...paging,
    active: flag.optional(),
    currency: z.string().optional(),
    product: z.string().optional(),
    type: z.enum(["recurring", "one_time"]).optional(),
  })
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, list, {
        objects: () => account.store.all("price"),
        matches: (each, query) =>
          (query.active === undefined || each.active === query.active) &&
          (!query.currency || each.currency === query.currency) &&
          (!query.product || each.product === query.product) &&
          (!query.type || each.type === query.type),
      }),
    )
    .post(
      "/",
      endpoint(parts, priceFields, ({ recurring, unit_amount: amount, ...fields }) => {
        account.store.need("product", fields.product, "product")
        const { interval, interval_count: intervalCount, trial_period_days: trialDays } = recurring
        const made = price({ ...fields, amount, interval, intervalCount, trialDays, ...account.stamp() })
        return account.add("price", made, "price.created")
      }),
    )
    .get("/:id", retrieve(parts, "price"))
    .post(
      "/:id",
      endpoint(parts, z.strictObject({ active: flag.optional(), nickname: z.string().optional() }), (fields, id) =>
        account.change(account.store.need("price", id), fields, "price.updated"),
      ),
    )
}

export const retrieve = (parts: ApiParts, kind: Kind) =>
  endpoint(parts, nothing, (_, id) => ({ ...parts.account.store.need(kind, id) }))
