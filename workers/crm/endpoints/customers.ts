import * as z from "zod/mini"
import { findCustomers, getCustomer } from "../../../shared/crm/customers.ts"
import { tagCustomer } from "../../../shared/crm/tagCustomer.ts"
import { appendTimeline, listTimeline } from "../../../shared/crm/timeline.ts"
import { stages } from "../../../shared/db/schema/billing.ts"
import { endpoint } from "../endpoint.ts"
import { emailField, instantField, line, paging, uuidField } from "../fields.ts"

const tag = "Customers"
const params = z.strictObject({ id: uuidField })
const tags = z.optional(z.array(line(64)).check(z.maxLength(50)))

export const customerEndpoints = [
  endpoint({
    method: "get",
    path: "/v1/customers",
    id: "listCustomers",
    tag,
    summary: "Customers, newest first",
    scope: "customers:read",
    query: z.strictObject({
      ...paging,
      q: z.optional(z.string().check(z.trim(), z.minLength(3), z.maxLength(100))),
      email: z.optional(emailField),
      stripeId: z.optional(line(255)),
      stage: z.optional(z.enum(stages)),
      tag: z.optional(line(64)),
      country: z.optional(z.string().check(z.regex(/^[A-Za-z]{2}$/))),
      segment: z.optional(uuidField),
    }),
    answers: { 200: { page: "Customer" } },
    run: async (ctx, { query }) => ({ status: 200, body: await findCustomers(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/customers/{id}",
    id: "getCustomer",
    tag,
    summary: "One customer",
    scope: "customers:read",
    params,
    answers: { 200: { one: "Customer" } },
    run: async (ctx, input) => ({ status: 200, body: await getCustomer(ctx, input.params) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/customers/{id}/tags",
    id: "changeTags",
    tag,
    summary: "Add and remove tags",
    scope: "customers:write",
    params,
    body: z.strictObject({ add: tags, remove: tags }),
    answers: { 200: { one: "Customer" } },
    run: async (ctx, input) => ({ status: 200, body: await tagCustomer(ctx, { ...input.params, ...input.body }) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/customers/{id}/timeline",
    id: "listTimeline",
    tag: "Timeline",
    summary: "What happened, newest first",
    scope: "customers:read",
    params,
    query: z.strictObject({ ...paging, kind: z.optional(line(100)) }),
    answers: { 200: { page: "TimelineEntry" } },
    run: async (ctx, input) => ({
      status: 200,
      body: await listTimeline(ctx, { customerId: input.params.id, ...input.query }),
    }),
  }),
  endpoint({
    method: "post",
    path: "/v1/customers/{id}/timeline",
    id: "appendTimeline",
    tag: "Timeline",
    summary: "Tell something of a customer, once per entryId",
    scope: "customers:write",
    params,
    body: z.strictObject({
      entryId: line(200),
      /** `custom.` keeps it apart from what we tell ourselves. */
      kind: z.string().check(z.regex(/^custom\.[a-z0-9_.-]{1,80}$/)),
      occurredAt: z.optional(instantField),
      data: z.optional(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))),
    }),
    answers: { 201: { one: "TimelineEntry" } },
    run: async (ctx, input) => ({
      status: 201,
      body: await appendTimeline(ctx, { customerId: input.params.id, ...input.body }),
    }),
  }),
]
