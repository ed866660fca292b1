import * as z from "zod/mini"
import { getLead, listLeads } from "../../../shared/crm/leads.ts"
import { mostLeadData, recordLead } from "../../../shared/crm/recordLead.ts"
import { leadKinds } from "../../../shared/db/schema/crm.ts"
import { endpoint } from "../endpoint.ts"
import { emailField, instantField, line, paging, uuidField } from "../fields.ts"

const lead = {
  email: emailField,
  source: line(100),
  name: z.optional(line(200)),
  plan: z.optional(line(200)),
  data: z.optional(
    z
      .record(line(100), z.string().check(z.maxLength(1000)))
      .check(z.refine((data) => Object.keys(data).length <= mostLeadData, `At most ${mostLeadData} entries.`)),
  ),
}

const tag = "Leads and trials"

export const leadEndpoints = [
  endpoint({
    method: "post",
    path: "/v1/leads",
    id: "createLead",
    tag,
    summary: "Keep a lead, once per address and source",
    scope: "leads:write",
    body: z.strictObject(lead),
    answers: { 200: { one: "Lead" }, 201: { one: "Lead" } },
    async run(ctx, { body }) {
      const { lead: kept, created } = await recordLead(ctx, body)
      return { status: created ? 201 : 200, body: kept }
    },
  }),
  endpoint({
    method: "post",
    path: "/v1/trials",
    id: "createTrial",
    tag,
    summary: "Keep a trial, once per address and source; a lead becomes one",
    scope: "leads:write",
    body: z.strictObject({ ...lead, trialEndsAt: instantField }),
    answers: { 200: { one: "Lead" }, 201: { one: "Lead" } },
    async run(ctx, { body }) {
      const { lead: kept, created } = await recordLead(ctx, body)
      return { status: created ? 201 : 200, body: kept }
    },
  }),
  endpoint({
    method: "get",
    path: "/v1/leads",
    id: "listLeads",
    tag,
    summary: "Leads and trials, newest first",
    scope: "leads:read",
    query: z.strictObject({
      ...paging,
      kind: z.optional(z.enum(leadKinds)),
      email: z.optional(emailField),
      source: z.optional(line(100)),
    }),
    answers: { 200: { page: "Lead" } },
    run: async (ctx, { query }) => ({ status: 200, body: await listLeads(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/leads/{id}",
    id: "getLead",
    tag,
    summary: "One lead or trial",
    scope: "leads:read",
    params: z.strictObject({ id: uuidField }),
    answers: { 200: { one: "Lead" } },
    run: async (ctx, { params }) => ({ status: 200, body: await getLead(ctx, params) }),
  }),
]
