import * as z from "zod/mini"
import { getCancellation } from "../../../shared/crm/cancellation/getCancellation.ts"
import { cancellationReasons, requestCancellation } from "../../../shared/crm/cancellation/requestCancellation.ts"
import { getSubscription, listSubscriptions } from "../../../shared/crm/subscriptions.ts"
import { endpoint } from "../endpoint.ts"
import { instantField, line, paging, uuidField } from "../fields.ts"

const subscriptionId = z.strictObject({ id: line(255) })

export const subscriptionEndpoints = [
  endpoint({
    method: "get",
    path: "/v1/customers/{id}/subscriptions",
    id: "listSubscriptions",
    tag: "Subscriptions",
    summary: "The subscriptions of a customer, newest first",
    scope: "billing:read",
    params: z.strictObject({ id: uuidField }),
    query: z.strictObject({ ...paging, status: z.optional(line(50)) }),
    answers: { 200: { page: "Subscription" } },
    run: async (ctx, { params, query }) => ({
      status: 200,
      body: await listSubscriptions(ctx, { customerId: params.id, ...query }),
    }),
  }),
  endpoint({
    method: "get",
    path: "/v1/subscriptions/{id}",
    id: "getSubscription",
    tag: "Subscriptions",
    summary: "One subscription by its Stripe id",
    scope: "billing:read",
    params: subscriptionId,
    answers: { 200: { one: "Subscription" } },
    run: async (ctx, { params }) => ({ status: 200, body: await getSubscription(ctx, params) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/subscriptions/{id}/cancellations",
    id: "requestCancellation",
    tag: "Cancellation",
    summary: "Why a customer wants to leave, and what was agreed: a pause, a coupon, or the end of the period",
    scope: "billing:write",
    params: subscriptionId,
    body: z.strictObject({
      reason: z.enum(cancellationReasons),
      comment: z.optional(z.string().check(z.trim(), z.maxLength(5000))),
      decision: z.discriminatedUnion("action", [
        z.strictObject({ action: z.literal("cancel") }),
        z.strictObject({ action: z.literal("pause"), resumesAt: instantField }),
        z.strictObject({ action: z.literal("coupon"), coupon: line(200) }),
      ]),
    }),
    answers: { 201: { one: "Cancellation" }, 202: { one: "Cancellation" } },
    async run(ctx, { params, body }, { requestKey }) {
      const cancellation = await requestCancellation(ctx, { subscriptionId: params.id, requestKey, ...body })
      return { status: cancellation.status === "pending" ? 202 : 201, body: cancellation }
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/cancellations/{id}",
    id: "getCancellation",
    tag: "Cancellation",
    summary: "What became of a cancellation or an offer taken",
    scope: "billing:read",
    params: z.strictObject({ id: uuidField }),
    answers: { 200: { one: "Cancellation" } },
    run: async (ctx, { params }) => ({ status: 200, body: await getCancellation(ctx, params) }),
  }),
]
