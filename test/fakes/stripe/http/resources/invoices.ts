import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../../http/faultMiddleware.ts"
import { StripeError } from "../../stripeError.ts"
import { subscriptionIdOf } from "../../subscriptionFacts.ts"
import { closeInvoice } from "../../verbs/closeInvoice.ts"
import { finalizeInvoice } from "../../verbs/finalizeInvoice.ts"
import { payInvoice } from "../../verbs/payInvoice.ts"
import { paymentOf } from "../../verbs/paymentOf.ts"
import { type ApiParts, endpoint, listing } from "../endpoint.ts"
import { paging } from "../listPage.ts"
import { flag } from "../params.ts"
import { retrieve } from "./catalogue.ts"

const nothing = z.strictObject({})

export function invoices(parts: ApiParts) {
  const { account } = parts
  const { store } = account
  const list = z.strictObject({
    ...paging,
    customer: z.string().optional(),
    subscription: z.string().optional(),
    status: z.enum(["draft", "open", "paid", "uncollectible", "void"]).optional(),
    collection_method: z.string().optional(),
  })
  const pay = z.strictObject({ payment_method: z.string().optional(), off_session: flag.optional() })
  const close = (as: "void" | "uncollectible") =>
    endpoint(parts, nothing, (_, id) => closeInvoice(account, store.need("invoice", id), as))

  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, list, {
        objects: () => store.all("invoice"),
        matches: (each, query) =>
          (!query.customer || each.customer === query.customer) &&
          (!query.subscription || subscriptionIdOf(each) === query.subscription) &&
          (!query.status || each.status === query.status) &&
          (!query.collection_method || each.collection_method === query.collection_method),
      }),
    )
    .get("/:id", retrieve(parts, "invoice"))
    .get(
      "/:id/lines",
      listing(parts, z.strictObject(paging), {
        objects: (_, id) => store.need("invoice", id).lines.data,
        oldestFirst: true,
      }),
    )
    .post(
      "/:id/pay",
      endpoint(parts, pay, (input, id) => {
        const method = input.payment_method ? store.need("payment_method", input.payment_method) : undefined
        const invoice = payInvoice(account, store.need("invoice", id), method)
        if (invoice.status !== "paid") throw refusalOf(parts, id)
        return invoice
      }),
    )
    .post(
      "/:id/finalize",
      endpoint(parts, nothing, (_, id) => finalizeInvoice(account, store.need("invoice", id))),
    )
    .post("/:id/void", close("void"))
    .post("/:id/mark_uncollectible", close("uncollectible"))
}

export function invoicePayments(parts: ApiParts) {
  const { store } = parts.account
  const list = z.strictObject({
    ...paging,
    invoice: z.string().optional(),
    status: z.enum(["open", "paid", "canceled"]).optional(),
    payment: z.strictObject({ type: z.string(), payment_intent: z.string().optional() }).optional(),
  })
  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, list, {
        objects: () => store.all("invoice_payment"),
        matches: (each, query) =>
          (!query.invoice || each.invoice === query.invoice) &&
          (!query.status || each.status === query.status) &&
          (!query.payment?.payment_intent || each.payment.payment_intent === query.payment.payment_intent),
      }),
    )
    .get("/:id", retrieve(parts, "invoice_payment"))
}

function refusalOf({ account }: ApiParts, invoiceId: string): StripeError {
  const payment = paymentOf(account, account.store.need("invoice", invoiceId))
  const error = payment?.intent.last_payment_error
  if (payment?.intent.status === "requires_action")
    return new StripeError(
      402,
      "This payment requires additional user action before it can be completed successfully.",
      {
        type: "card_error",
        code: "invoice_payment_intent_requires_action",
      },
    )
  if (!error)
    return new StripeError(400, "Cannot charge a customer that has no active payment method.", {
      code: "resource_missing",
    })
  return new StripeError(402, error.message ?? "Your card was declined.", {
    type: "card_error",
    code: error.code ?? "card_declined",
    ...(error.decline_code && { decline_code: error.decline_code }),
    ...(error.charge && { charge: error.charge }),
  })
}
