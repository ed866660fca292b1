import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../../http/faultMiddleware.ts"
import { StripeError } from "../../stripeError.ts"
import { refundCharge } from "../../verbs/refundCharge.ts"
import { type ApiParts, endpoint, listing } from "../endpoint.ts"
import { paging } from "../listPage.ts"
import { metadata, whole } from "../params.ts"
import { retrieve } from "./catalogue.ts"

const by = z.string().optional()

export function paymentIntents(parts: ApiParts) {
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, z.strictObject({ ...paging, customer: by }), {
        objects: () => parts.account.store.all("payment_intent"),
        matches: (each, { customer }) => !customer || each.customer === customer,
      }),
    )
    .get("/:id", retrieve(parts, "payment_intent"))
}

export function charges(parts: ApiParts) {
  const { store } = parts.account
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, z.strictObject({ ...paging, customer: by, payment_intent: by }), {
        objects: () => store.all("charge"),
        matches: (each, query) =>
          (!query.customer || each.customer === query.customer) &&
          (!query.payment_intent || each.payment_intent === query.payment_intent),
      }),
    )
    .get("/:id", retrieve(parts, "charge"))
    .get(
      "/:id/refunds",
      listing(parts, z.strictObject(paging), {
        objects: () => store.all("refund"),
        matches: (each, _, id) => each.charge === id,
      }),
    )
}

export function refunds(parts: ApiParts) {
  const { account } = parts
  const { store } = account
  const create = z.strictObject({
    charge: by,
    payment_intent: by,
    amount: whole.optional(),
    reason: z.enum(["duplicate", "fraudulent", "requested_by_customer"]).optional(),
    metadata: metadata.optional(),
  })
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, z.strictObject({ ...paging, charge: by, payment_intent: by }), {
        objects: () => store.all("refund"),
        matches: (each, query) =>
          (!query.charge || each.charge === query.charge) &&
          (!query.payment_intent || each.payment_intent === query.payment_intent),
      }),
    )
    .post(
      "/",
      endpoint(parts, create, ({ charge: given, payment_intent: intent, ...options }) => {
        const id = given ?? store.get("payment_intent", intent)?.latest_charge
        if (!id)
          throw new StripeError(
            400,
            "One of the following params should be provided for this request: payment_intent or charge.",
          )
        const charge = store.need("charge", id, "charge")
        if (charge.disputed)
          throw new StripeError(400, `Charge ${charge.id} has been charged back; cannot issue a refund.`, {
            code: "charge_disputed",
          })
        return refundCharge(account, charge, { reason: null, ...options })
      }),
    )
    .get("/:id", retrieve(parts, "refund"))
}

export function disputes(parts: ApiParts) {
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, z.strictObject({ ...paging, charge: by, payment_intent: by }), {
        objects: () => parts.account.store.all("dispute"),
        matches: (each, query) =>
          (!query.charge || each.charge === query.charge) &&
          (!query.payment_intent || each.payment_intent === query.payment_intent),
      }),
    )
    .get("/:id", retrieve(parts, "dispute"))
}
