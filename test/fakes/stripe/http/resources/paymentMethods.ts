import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../../http/faultMiddleware.ts"
import { type ApiParts, endpoint, listing } from "../endpoint.ts"
import { paging } from "../listPage.ts"
import { metadata, whole } from "../params.ts"
import { retrieve } from "./catalogue.ts"
import { mergeMetadata } from "./customers.ts"

const update = z.strictObject({
  card: z.strictObject({ exp_month: whole, exp_year: whole }).partial().optional(),
  metadata: metadata.optional(),
})

export function paymentMethods(parts: ApiParts) {
  const { account } = parts
  const { store } = account
  const list = z.strictObject({ ...paging, customer: z.string().optional(), type: z.string().optional() })
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, list, {
        objects: () => store.all("payment_method"),
        matches: (each, { customer, type }) =>
          (!customer || each.customer === customer) && (!type || each.type === type),
      }),
    )
    .get("/:id", retrieve(parts, "payment_method"))
    .post(
      "/:id",
      endpoint(parts, update, (input, id) => {
        const method = store.need("payment_method", id)
        return account.change(
          method,
          {
            ...(input.card && method.card && { card: { ...method.card, ...input.card } }),
            ...(input.metadata && { metadata: mergeMetadata(method.metadata ?? {}, input.metadata) }),
          },
          "payment_method.updated",
        )
      }),
    )
    .post(
      "/:id/detach",
      endpoint(parts, z.strictObject({}), (_, id) =>
        account.change(store.need("payment_method", id), { customer: null }, "payment_method.detached"),
      ),
    )
}
