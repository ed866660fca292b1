import * as z from "zod/mini"
import { findSegmentCustomers, findSegments } from "../../../shared/crm/segments.ts"
import { endpoint } from "../endpoint.ts"
import { paging, uuidField } from "../fields.ts"

const tag = "Segments"

export const segmentEndpoints = [
  endpoint({
    method: "get",
    path: "/v1/segments",
    id: "listSegments",
    tag,
    summary: "Segments that staff keep, newest first",
    scope: "customers:read",
    query: z.strictObject(paging),
    answers: { 200: { page: "Segment" } },
    run: async (ctx, { query }) => ({ status: 200, body: await findSegments(ctx, query) }),
  }),
  endpoint({
    method: "get",
    path: "/v1/segments/{id}/customers",
    id: "listSegmentCustomers",
    tag,
    summary: "Customers who are in a segment now, newest first",
    scope: "customers:read",
    params: z.strictObject({ id: uuidField }),
    query: z.strictObject(paging),
    answers: { 200: { page: "Customer" } },
    run: async (ctx, { params, query }) => ({
      status: 200,
      body: await findSegmentCustomers(ctx, { ...params, ...query }),
    }),
  }),
]
