import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { isoTime } from "./isoTime.ts"
import { keysetPage, type PageInput } from "./keysetPage.ts"
import { oneRecord } from "./oneRecord.ts"
import { leadRecord } from "./records.ts"

export const leadColumns: SQL = sql`
  l.id, l.email, l.source, l.kind, l.name, l.plan, ${isoTime(sql`l.trial_started_at`)} as "trialStartedAt",
  ${isoTime(sql`l.trial_ends_at`)} as "trialEndsAt", ${isoTime(sql`l.converted_at`)} as "convertedAt",
  ${isoTime(sql`l.closed_at`)} as "closedAt", l.data,
  ${isoTime(sql`l.created_at`)} as "createdAt", ${isoTime(sql`l.updated_at`)} as "updatedAt",
  (select c.id from customers c where lower(c.email) = l.email and c.deleted_at is null
    order by c.created_at, c.id limit 1) as "customerId"`

export async function listLeads(
  ctx: Context,
  input: PageInput & { kind?: string | undefined; email?: string | undefined; source?: string | undefined },
) {
  requirePermission(ctx, "leads:read")
  const { kind, email, source } = input
  const where: SQL[] = []
  if (kind) where.push(sql`l.kind = ${kind}`)
  if (email) where.push(sql`l.email = ${email}`)
  if (source) where.push(sql`l.source = ${source}`)
  return keysetPage(
    ctx,
    {
      columns: leadColumns,
      from: sql`leads l`,
      where,
      at: sql`l.created_at`,
      id: sql`l.id`,
      idType: "uuid",
      record: leadRecord,
    },
    input,
  )
}

export async function getLead(ctx: Context, input: { id: string }) {
  requirePermission(ctx, "leads:read")
  return oneRecord(ctx, sql`select ${leadColumns} from leads l where l.id = ${input.id}`, leadRecord, "lead")
}
