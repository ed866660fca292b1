import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../http/faultMiddleware.ts"
import type { RateLimiter } from "../http/rateLimiter.ts"
import { type ApiParts, listing } from "./http/endpoint.ts"
import { paging } from "./http/listPage.ts"
import { prices, products, retrieve } from "./http/resources/catalogue.ts"
import { coupons } from "./http/resources/coupons.ts"
import { customers } from "./http/resources/customers.ts"
import { events } from "./http/resources/events.ts"
import { invoicePayments, invoices } from "./http/resources/invoices.ts"
import { paymentMethods } from "./http/resources/paymentMethods.ts"
import { charges, disputes, paymentIntents, refunds } from "./http/resources/payments.ts"
import { subscriptionItems, subscriptions } from "./http/resources/subscriptions.ts"
import { stripeId } from "./ids.ts"
import { StripeError } from "./stripeError.ts"

/** Stripe's HTTP API over an account, below `/v1`. */
export function stripeApi(options: ApiParts & { apiKey: string; limiter: RateLimiter }) {
  const api = new Hono<NodeEnv>()
  const { store } = options.account
  const all = (kind: "tax_rate" | "invoiceitem") =>
    listing(options, z.strictObject(paging), { objects: () => store.all(kind) })

  api.use(async (c, next) => {
    c.header("request-id", stripeId("req"))
    c.header("stripe-version", "2026-10-28.endive")
    checkKey(c.req.header("authorization"), options.apiKey)
    if (!options.limiter.take().allowed) {
      c.header("stripe-rate-limited-reason", "global-rate")
      throw new StripeError(
        429,
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
        {
          code: "rate_limit",
        },
      )
    }
    return next()
  })
  api.route("/v1/customers", customers(options))
  api.route("/v1/products", products(options))
  api.route("/v1/prices", prices(options))
  api.route("/v1/coupons", coupons(options))
  api.route("/v1/payment_methods", paymentMethods(options))
  api.route("/v1/subscriptions", subscriptions(options))
  api.route("/v1/subscription_items", subscriptionItems(options))
  api.route("/v1/invoices", invoices(options))
  api.route("/v1/invoice_payments", invoicePayments(options))
  api.route("/v1/payment_intents", paymentIntents(options))
  api.route("/v1/charges", charges(options))
  api.route("/v1/refunds", refunds(options))
  api.route("/v1/disputes", disputes(options))
  api.route("/v1/events", events(options))
  api.get("/v1/tax_rates", all("tax_rate"))
  api.get("/v1/tax_rates/:id", retrieve(options, "tax_rate"))
  api.get("/v1/invoiceitems", all("invoiceitem"))
  api.get("/v1/invoiceitems/:id", retrieve(options, "invoiceitem"))
  api.all("*", (c) => {
    throw new StripeError(404, `Unrecognized request URL (${c.req.method}: ${c.req.path}).`)
  })
  api.onError((error, c) => {
    if (error instanceof StripeError) return c.json(error.body(), error.status)
    return c.json(new StripeError(500, `The stand-in failed: ${error.message}`, { type: "api_error" }).body(), 500)
  })
  return api
}

/** `Bearer key`, or the key as the user of basic authentication. */
function checkKey(header: string | undefined, expected: string): void {
  const [scheme, value = ""] = (header ?? "").split(" ")
  const given = scheme === "Basic" ? (Buffer.from(value, "base64").toString().split(":")[0] ?? "") : value
  if (!given)
    throw new StripeError(
      401,
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    )
  if (given !== expected) throw new StripeError(401, `Invalid API Key provided: ${given.slice(0, 8)}***`)
}
