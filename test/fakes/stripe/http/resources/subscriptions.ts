import { Hono } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../../http/faultMiddleware.ts"
import { StripeError } from "../../stripeError.ts"
import { isEnded } from "../../subscriptionFacts.ts"
import { removeDiscount } from "../../verbs/applyCoupon.ts"
import { cancelSubscription } from "../../verbs/cancelSubscription.ts"
import { createSubscription } from "../../verbs/createSubscription.ts"
import { resumeSubscription } from "../../verbs/resumeSubscription.ts"
import { updateSubscription } from "../../verbs/updateSubscription.ts"
import type { Subscription } from "../../wire.ts"
import { type ApiParts, endpoint, listing } from "../endpoint.ts"
import { paging } from "../listPage.ts"
import { emptyable, flag, metadata, whole } from "../params.ts"
import { retrieve } from "./catalogue.ts"

const details = z.strictObject({ comment: emptyable, feedback: emptyable }).partial()
const discounts = z.array(z.strictObject({ coupon: z.string() })).max(1)
const shared = {
  default_payment_method: z.string().optional(),
  description: z.string().optional(),
  metadata: metadata.optional(),
  proration_behavior: z.enum(["create_prorations", "always_invoice", "none"]).optional(),
  payment_behavior: z.enum(["allow_incomplete", "default_incomplete", "error_if_incomplete"]).optional(),
}
const behaviour = z.enum(["keep_as_draft", "mark_uncollectible", "void"])
const create = z.strictObject({
  ...shared,
  customer: z.string(),
  items: z.array(z.strictObject({ price: z.string(), quantity: whole.optional(), metadata: metadata.optional() })),
  trial_period_days: whole.optional(),
  trial_end: whole.optional(),
  trial_settings: z
    .strictObject({
      end_behavior: z.strictObject({ missing_payment_method: z.enum(["create_invoice", "pause", "cancel"]) }),
    })
    .optional(),
  discounts: discounts.optional(),
})
const update = z.strictObject({
  ...shared,
  items: z
    .array(z.strictObject({ id: z.string().optional(), price: z.string().optional(), quantity: whole.optional() }))
    .max(1)
    .optional(),
  cancel_at_period_end: flag.optional(),
  cancellation_details: details.optional(),
  pause_collection: z
    .union([z.literal(""), z.strictObject({ behavior: behaviour, resumes_at: whole.optional() })])
    .optional(),
  discounts: z.union([z.literal(""), discounts]).optional(),
  trial_end: z.union([z.literal("now"), whole]).optional(),
})

export function subscriptions(parts: ApiParts) {
  const { account } = parts
  const { store } = account
  const list = z.strictObject({
    ...paging,
    customer: z.string().optional(),
    price: z.string().optional(),
    status: z.string().optional(),
    collection_method: z.string().optional(),
  })

  return new Hono<NodeEnv>()
    .get(
      "/",
      listing(parts, list, {
        objects: () => store.all("subscription"),
        matches: (each, query) =>
          hasStatus(each, query.status) &&
          (!query.customer || each.customer === query.customer) &&
          (!query.collection_method || each.collection_method === query.collection_method) &&
          (!query.price || each.items.data.some((item) => item.price.id === query.price)),
      }),
    )
    .post(
      "/",
      endpoint(parts, create, (input) => {
        const created = createSubscription(account, {
          customer: input.customer,
          items: input.items,
          trialDays: input.trial_period_days,
          trialEnd: input.trial_end,
          paymentMethod: input.default_payment_method
            ? store.need("payment_method", input.default_payment_method, "default_payment_method")
            : null,
          missingPaymentMethod: input.trial_settings?.end_behavior.missing_payment_method,
          coupon: input.discounts?.[0]?.coupon,
          leaveUnpaid: input.payment_behavior === "default_incomplete",
          metadata: input.metadata,
          description: input.description,
        })
        if (input.payment_behavior === "error_if_incomplete" && created.status === "incomplete")
          throw new StripeError(402, "Your card was declined.", { type: "card_error", code: "card_declined" })
        return created
      }),
    )
    .get("/:id", retrieve(parts, "subscription"))
    .post(
      "/:id",
      endpoint(parts, update, (input, id) => updateSubscription(account, store.need("subscription", id), input)),
    )
    .delete(
      "/:id",
      endpoint(parts, z.strictObject({ cancellation_details: details.optional() }), (input, id) =>
        cancelSubscription(account, store.need("subscription", id), { ...input.cancellation_details }),
      ),
    )
    .post(
      "/:id/resume",
      endpoint(parts, z.strictObject({}), (_, id) => resumeSubscription(account, store.need("subscription", id))),
    )
    .delete(
      "/:id/discount",
      endpoint(parts, z.strictObject({}), (_, id) => {
        const gone = removeDiscount(account, store.need("subscription", id))
        if (!gone) throw new StripeError(404, "No active discount.", { code: "resource_missing" })
        return { ...gone, deleted: true }
      }),
    )
}

export function subscriptionItems(parts: ApiParts) {
  const list = z.strictObject({ ...paging, subscription: z.string() })
  return new Hono<NodeEnv>().get(
    "/",
    listing(parts, list, {
      objects: ({ subscription }) => parts.account.store.need("subscription", subscription, "subscription").items.data,
      oldestFirst: true,
    }),
  )
}

function hasStatus(subscription: Subscription, status: string | undefined): boolean {
  if (status === "all") return true
  if (status === "ended") return isEnded(subscription)
  return status === undefined ? subscription.status !== "canceled" : subscription.status === status
}
