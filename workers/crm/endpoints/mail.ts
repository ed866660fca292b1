import * as z from "zod/mini"
import { enrolCustomer } from "../../../shared/crm/enrolCustomer.ts"
import { leaveEnrolment, listEnrolments } from "../../../shared/crm/enrolments.ts"
import { liftSuppression, listSuppressions, suppressAddress } from "../../../shared/crm/suppressions.ts"
import { endpoint } from "../endpoint.ts"
import { emailField, line, paging, uuidField } from "../fields.ts"

const params = z.strictObject({ id: uuidField })

export const mailEndpoints = [
  endpoint({
    method: "get",
    path: "/v1/customers/{id}/enrolments",
    id: "listEnrolments",
    tag: "Enrolments",
    summary: "The sequences a customer is or was in, newest first",
    scope: "customers:read",
    params,
    query: z.strictObject(paging),
    answers: { 200: { page: "Enrolment" } },
    run: async (ctx, input) => ({
      status: 200,
      body: await listEnrolments(ctx, { customerId: input.params.id, ...input.query }),
    }),
  }),
  endpoint({
    method: "post",
    path: "/v1/customers/{id}/enrolments",
    id: "enrolCustomer",
    tag: "Enrolments",
    summary: "Enrol a customer in a sequence, once",
    scope: "customers:write",
    params,
    body: z.strictObject({ sequenceId: line(200) }),
    answers: { 201: { one: "Enrolment" } },
    run: async (ctx, input) => ({
      status: 201,
      body: await enrolCustomer(ctx, { customerId: input.params.id, ...input.body }),
    }),
  }),
  endpoint({
    method: "post",
    path: "/v1/enrolments/{id}/stop",
    id: "stopEnrolment",
    tag: "Enrolments",
    summary: "Take a customer out of a sequence",
    scope: "customers:write",
    params,
    answers: { 200: { one: "Enrolment" } },
    run: async (ctx, input) => ({ status: 200, body: await leaveEnrolment(ctx, input.params) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/suppressions",
    id: "listSuppressions",
    tag: "Suppression",
    summary: "Addresses that get no mail, newest first",
    scope: "suppressions:read",
    query: z.strictObject({ ...paging, email: z.optional(emailField) }),
    answers: { 200: { page: "Suppression" } },
    run: async (ctx, { query }) => ({ status: 200, body: await listSuppressions(ctx, query) }),
  }),
  endpoint({
    method: "post",
    path: "/v1/suppressions",
    id: "suppressAddress",
    tag: "Suppression",
    summary: "Stop mail to an address: all of it, or marketing only",
    scope: "suppressions:write",
    body: z.strictObject({ email: emailField, all: z._default(z.boolean(), true) }),
    answers: { 201: { one: "Suppression" } },
    run: async (ctx, { body }) => ({ status: 201, body: await suppressAddress(ctx, body) }),
  }),
  endpoint({
    method: "delete",
    path: "/v1/suppressions/{email}",
    id: "liftSuppression",
    tag: "Suppression",
    summary: "Take back what was suppressed by hand; bounces, complaints and unsubscriptions stay",
    scope: "suppressions:write",
    params: z.strictObject({ email: emailField }),
    answers: { 204: "nothing" },
    async run(ctx, input) {
      await liftSuppression(ctx, input.params)
      return { status: 204, body: null }
    },
  }),
]
