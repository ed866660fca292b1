import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../../http/faultMiddleware.ts"
import { noSuch } from "../../stripeError.ts"
import { createCustomer } from "../../verbs/createCustomer.ts"
import { deleteCustomer } from "../../verbs/deleteCustomer.ts"
import { updateCustomer } from "../../verbs/updateCustomer.ts"
import type { Customer } from "../../wire.ts"
import { type ApiParts, endpoint, listing } from "../endpoint.ts"
import { paging } from "../listPage.ts"
import { address, emptyable, metadata } from "../params.ts"

const fields = {
  address: address.optional(),
  description: emptyable.optional(),
  email: emptyable.optional(),
  metadata: metadata.optional(),
  name: emptyable.optional(),
  phone: emptyable.optional(),
  preferred_locales: z.array(z.string()).optional(),
  tax_exempt: z.enum(["none", "exempt", "reverse"]).optional(),
}
const settings = z.strictObject({ default_payment_method: emptyable })

export function customers(parts: ApiParts) {
  const { account } = parts
  const { store } = account
  const list = z.strictObject({ ...paging, email: z.string().optional() })

  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, list, {
        objects: () => store.all("customer"),
        matches: (each, { email }) => email === undefined || each.email === email,
      }),
    )
    .post(
      "/",
      endpoint(parts, z.strictObject(fields), (input) => createCustomer(account, input)),
    )
    .get(
      "/:id",
      endpoint(parts, z.strictObject({}), (_, id) => {
        const found = store.get("customer", id) ?? store.tombstone(id)
        if (!found) throw noSuch("customer", id)
        return { ...found }
      }),
    )
    .post(
      "/:id",
      endpoint(parts, z.strictObject({ ...fields, invoice_settings: settings.optional() }), (input, id) => {
        const { invoice_settings: given, metadata: changed, ...rest } = input
        const customer = store.need("customer", id)
        const change: Partial<Customer> = { ...rest }
        if (changed) change.metadata = mergeMetadata(customer.metadata, changed)
        if (given) change.invoice_settings = { ...customer.invoice_settings, ...given }
        return updateCustomer(account, id, change)
      }),
    )
    .delete(
      "/:id",
      endpoint(parts, z.strictObject({}), (_, id) => {
        deleteCustomer(account, id)
        return { id, object: "customer", deleted: true }
      }),
    )
    .get(
      "/:id/payment_methods",
      listing(parts, z.strictObject({ ...paging, type: z.string().optional() }), {
        objects: () => store.all("payment_method"),
        matches: (each, _, id) => each.customer === id,
      }),
    )
    .get(
      "/:id/subscriptions",
      listing(parts, z.strictObject(paging), {
        objects: () => store.all("subscription"),
        matches: (each, _, id) => each.customer === id,
      }),
    )
}

/** Given keys are set, an empty value removes a key. */
export function mergeMetadata(before: Record<string, string>, given: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== ""))
}
