import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import type { findingKinds } from "../../db/schema/sync.ts"
import type { Counts } from "../../monitoring/runJob.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

export interface DriftReport {
  /** Syncs that have come to their end, the latest first. */
  runs: { id: string; at: Date; outcome: string; counts: Counts }[]
  /** The run that is shown. */
  runId: string | null
  /** How many objects of a type differed in a field; of objects that were missing or gone, the field is null. */
  fields: { type: string; finding: (typeof findingKinds)[number]; field: string | null; objects: number }[]
  findings: {
    type: string
    id: string
    finding: (typeof findingKinds)[number]
    fields: string[]
    customerId: string | null
  }[]
  next: string | null
  /** Events that no webhook brought, the latest first. */
  missedEvents: { id: string; type: string; createdAt: Date; status: string }[]
}

const pageSize = 100
const shownRuns = 30
const shownEvents = 50

/** What a sync found to differ from Stripe: by field, each object, and the events that never arrived. One round trip. */
export async function driftReport(
  ctx: Context,
  input: { runId?: string | undefined; after?: string | undefined },
): Promise<DriftReport> {
  requirePermission(ctx, "jobs:read")
  // Ids of coupons are free text: only the first colon is ours.
  const after = input.after ?? ""
  const colon = after.indexOf(":")
  const [type, id] = colon < 0 ? ["", ""] : [after.slice(0, colon), after.slice(colon + 1)]
  const chosen = sql`coalesce(${input.runId ?? null}::uuid,
    (select id from job_runs where job = 'stripe-sync' and finished_at is not null order by created_at desc, id desc limit 1))`
  const [runs, fields, findings, events, run] = await batch(ctx.db, [
    sql`select id, coalesce(started_at, created_at) as at, outcome, counts from job_runs
      where job = 'stripe-sync' and finished_at is not null order by created_at desc, id desc limit ${shownRuns}`,
    sql`select object_type, finding, field, count(*)::int as objects
      from sync_findings left join lateral unnest(fields) as field on finding <> 'unreadable'
      where run_id = ${chosen} group by 1, 2, 3 order by objects desc, 1, 2, 3 limit 200`,
    sql`select f.object_type, f.object_id, f.finding, f.fields,
        coalesce(
          (select id from customers where f.object_type = 'customers' and stripe_id = f.object_id),
          (select customer_id from subscriptions where f.object_type = 'subscriptions' and id = f.object_id),
          (select customer_id from invoices where f.object_type = 'invoices' and id = f.object_id)) as customer_id
      from sync_findings f where run_id = ${chosen} and (object_type, object_id) > (${type}, ${id})
      order by object_type, object_id limit ${pageSize + 1}`,
    sql`select id, type, created_at, status from stripe_events where origin = 'recovered' order by received_at desc, id limit ${shownEvents}`,
    sql`select ${chosen} as id`,
  ])
  const rows = findings?.rows ?? []
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  return {
    runs: (runs?.rows ?? []).map((row) => ({
      id: String(row.id),
      at: new Date(String(row.at)),
      outcome: String(row.outcome),
      counts: row.counts as Counts,
    })),
    runId: run?.rows[0]?.id ? String(run.rows[0].id) : null,
    fields: (fields?.rows ?? []).map((row) => ({
      type: String(row.object_type),
      finding: row.finding as DriftReport["fields"][number]["finding"],
      field: row.field === null ? null : String(row.field),
      objects: Number(row.objects),
    })),
    findings: shown.map((row) => ({
      type: String(row.object_type),
      id: String(row.object_id),
      finding: row.finding as DriftReport["fields"][number]["finding"],
      fields: Array.isArray(row.fields) ? row.fields.map(String) : [],
      customerId: row.customer_id ? String(row.customer_id) : null,
    })),
    next: rows.length > pageSize && last ? `${last.object_type}:${last.object_id}` : null,
    missedEvents: (events?.rows ?? []).map((row) => ({
      id: String(row.id),
      type: String(row.type),
      createdAt: new Date(String(row.created_at)),
      status: String(row.status),
    })),
  }
}
