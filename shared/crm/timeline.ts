import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { jsonb } from "../db/bulk.ts"
import { AppError } from "../errors.ts"
import { actorName } from "../staff/actorName.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { isoTime } from "./isoTime.ts"
import { keysetPage, type PageInput } from "./keysetPage.ts"
import { timelineRecord } from "./records.ts"

const columns = sql`t.id::text, t.kind, ${isoTime(sql`t.occurred_at`)} as "occurredAt", t.data, t.source, t.source_id as "sourceId"`

export async function listTimeline(ctx: Context, input: PageInput & { customerId: string; kind?: string | undefined }) {
  requirePermission(ctx, "customers:read")
  const where = [sql`t.customer_id = ${input.customerId}`]
  if (input.kind) where.push(sql`t.kind = ${input.kind}`)
  return keysetPage(
    ctx,
    {
      columns,
      from: sql`timeline_entries t`,
      where,
      at: sql`t.occurred_at`,
      id: sql`t.id`,
      idType: "bigint",
      record: timelineRecord,
    },
    input,
  )
}

/** Tells something of a customer, once per `entryId` of the caller. Throws `not_found`; `conflict` where the id stands for something else. */
export async function appendTimeline(
  ctx: Context,
  input: {
    customerId: string
    entryId: string
    kind: string
    occurredAt?: string | undefined
    data?: Record<string, unknown> | undefined
  },
) {
  requirePermission(ctx, "customers:write")
  const { customerId, entryId, kind } = input
  const who = actorName(ctx.actor)
  const key = `api:${who}:${customerId}:${entryId}`
  const [, found] = await ctx.db.batch([
    ctx.db.execute(sql`
      insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
      select ${key}, id, ${input.occurredAt ?? ctx.now().toISOString()}::timestamptz, ${kind}, ${jsonb(input.data ?? {})}, 'api', ${who}
      from customers where id = ${customerId} and deleted_at is null on conflict (key) do nothing`),
    ctx.db.execute<{ same: boolean }>(sql`
      select ${columns}, t.kind = ${kind} and t.data = ${jsonb(input.data ?? {})}
        and t.occurred_at = coalesce(${input.occurredAt ?? null}::timestamptz, t.occurred_at) as same
      from timeline_entries t where t.key = ${key}`),
  ])
  const [row] = found.rows
  if (!row) throw new AppError("not_found", "There is no such customer.")
  if (!row.same) throw new AppError("conflict", `The entryId "${entryId}" stands for another entry already.`)
  return timelineRecord.parse(row)
}
