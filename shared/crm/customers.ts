import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { customerConditions } from "../customers/customerFilter.ts"
import { segmentConditions } from "../customers/segmentConditions.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { isoTime } from "./isoTime.ts"
import { keysetPage, type PageInput } from "./keysetPage.ts"
import { oneRecord } from "./oneRecord.ts"
import { customerRecord } from "./records.ts"

const columns: SQL = sql`
  c.id, c.stripe_id as "stripeId", c.email, c.name, c.country, c.stage, ${isoTime(sql`c.stage_since`)} as "stageSince",
  c.tags, ${isoTime(sql`c.created_at`)} as "createdAt",
  (select coalesce(jsonb_agg(jsonb_build_object('currency', m.currency, 'amount', m.amount) order by m.currency), '[]')
    from customer_mrr m where m.customer_id = c.id) as mrr`

export async function findCustomers(
  ctx: Context,
  input: PageInput & {
    q?: string | undefined
    email?: string | undefined
    stripeId?: string | undefined
    stage?: Parameters<typeof customerConditions>[0]["stage"]
    tag?: string | undefined
    country?: string | undefined
    /** Id of a segment. Throws `not_found`. */
    segment?: string | undefined
  },
) {
  requirePermission(ctx, "customers:read")
  const { q, email, stripeId, stage, tag, country, segment } = input
  const where = [...customerConditions({ q, stage, tag, country }), ...(await segmentConditions(ctx, { segment }))]
  if (email) where.push(sql`lower(c.email) = ${email}`)
  if (stripeId) where.push(sql`c.stripe_id = ${stripeId}`)
  return keysetPage(
    ctx,
    {
      columns,
      from: sql`customers c`,
      where,
      at: sql`c.created_at`,
      id: sql`c.id`,
      idType: "uuid",
      record: customerRecord,
    },
    input,
  )
}

export async function getCustomer(ctx: Context, input: { id: string }) {
  requirePermission(ctx, "customers:read")
  return selectCustomer(ctx, input)
}

/** For verbs that have asked for a permission of their own. Throws `not_found`. */
export const selectCustomer = (ctx: Context, { id }: { id: string }) =>
  oneRecord(
    ctx,
    sql`select ${columns} from customers c where c.id = ${id} and c.deleted_at is null`,
    customerRecord,
    "customer",
  )
