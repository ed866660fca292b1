import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { jsonb } from "../db/bulk.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { leadColumns } from "./leads.ts"
import { leadRecord } from "./records.ts"

export interface LeadInput {
  /** Lower case. */
  email: string
  source: string
  name?: string | undefined
  plan?: string | undefined
  /** Makes it a trial. */
  trialEndsAt?: string | undefined
  data?: Record<string, string> | undefined
}

/** Entries of its data, over all calls. */
export const mostLeadData = 50

const written = z.object({ id: z.uuid(), created: z.boolean() })

/**
 * Keeps a lead or trial, once per address and source. What is told again completes what is known: a lead may become a
 * trial, a trial never a mere lead again, and one whose end is put off is open again. Throws `bad_request` where more would be known
 * of it than is kept.
 */
export async function recordLead(ctx: Context, input: LeadInput) {
  requirePermission(ctx, "leads:write")
  const now = ctx.now().toISOString()
  const kind = input.trialEndsAt ? "trial" : "lead"
  const [kept, , found] = await ctx.db.batch([
    ctx.db.execute(sql`
      insert into leads as l (id, email, source, kind, name, plan, trial_started_at, trial_ends_at, data, created_at, updated_at)
      values (${crypto.randomUUID()}, ${input.email}, ${input.source}, ${kind}, ${input.name ?? null},
        ${input.plan ?? null}, ${input.trialEndsAt ? now : null}::timestamptz, ${input.trialEndsAt ?? null}::timestamptz, ${jsonb(input.data ?? {})}, ${now}, ${now})
      on conflict (email, source) do update set
        kind = case when l.kind = 'trial' then 'trial' else excluded.kind end, name = coalesce(excluded.name, l.name),
        plan = coalesce(excluded.plan, l.plan), trial_ends_at = coalesce(excluded.trial_ends_at, l.trial_ends_at),
        trial_started_at = coalesce(l.trial_started_at, excluded.trial_started_at),
        closed_at = case when excluded.trial_ends_at > ${now}::timestamptz then null else l.closed_at end,
        data = l.data || excluded.data, updated_at = excluded.updated_at
      where (select count(*) from jsonb_object_keys(l.data || excluded.data)) <= ${mostLeadData}
      returning l.id, (xmax = 0) as created`),
    ctx.db.execute(sql`
      delete from hosting_requests where action = 'end_trial' and done_at is null
        and lead_id = (select id from leads where email = ${input.email} and source = ${input.source} and closed_at is null)`),
    ctx.db.execute(
      sql`select ${leadColumns} from leads l where l.email = ${input.email} and l.source = ${input.source}`,
    ),
  ])
  const [row] = found.rows
  if (!row) throw new AppError("internal", "The lead could not be kept.")
  if (kept.rowCount === 0)
    throw new AppError("bad_request", `Of a lead at most ${mostLeadData} entries of data are kept, with those it has.`)
  return { lead: leadRecord.parse(row), created: written.parse(kept.rows[0]).created }
}
