import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { jsonb } from "../../db/bulk.ts"
import { addressHash } from "../../email/addressHash.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { mostLeadData } from "../recordLead.ts"
import { readTrials } from "./readTrials.ts"
import { type TrialColumns, trialColumnsOf, trialFields } from "./trialColumns.ts"
import { type InvalidRow, trialRows } from "./trialRows.ts"

export interface TrialsImport {
  /** Rows of the file. */
  read: number
  created: number
  changed: number
  unchanged: number
  /** Rows that were not kept. The first ones are told one by one. */
  invalid: number
  problems: InvalidRow[]
  warning: string | null
}

const atOnce = 2000
const problemsTold = 100

/**
 * Keeps the trials of a file (SQLite, CSV or JSON), once per address: one that is known under another source, because the
 * website told of it or the file came another way, is the same. A row that is as we have it is not written. What is wrong with a row is told by row and column, and the others are kept. Doing it again, also after a death
 * halfway, ends the same. Throws `bad_request` or `too_large` where the file itself cannot be read.
 */
export async function importTrials(
  ctx: Context,
  input: { bytes: Uint8Array; table?: string | undefined; columns?: TrialColumns; source?: string | undefined },
): Promise<TrialsImport> {
  requirePermission(ctx, "leads:write")
  const { bytes, table, columns = {}, source = "trials" } = input
  const file = readTrials(bytes, { table, columns })
  if (file.rows.length === 0)
    return { read: 0, created: 0, changed: 0, unchanged: 0, invalid: 0, problems: [], warning: file.warning }
  for (const [field, name] of Object.entries(columns))
    if (!file.columns.includes(name))
      throw new AppError(
        "bad_request",
        `The file has no column "${name}" for ${field}. It has: ${file.columns.join(", ").slice(0, 500)}.`,
      )
  if (trialColumnsOf(file.columns, columns).email === undefined)
    throw new AppError(
      "bad_request",
      `The file has no column for addresses (${trialFields.email.join(", ")}). It has: ${file.columns.join(", ").slice(0, 500)}.`,
    )
  const { trials, invalid } = trialRows(file, { columns, source, now: ctx.now() })
  const counts = { created: 0, changed: 0, erased: 0 }
  for (let start = 0; start < trials.length; start += atOnce) {
    const kept = await keep(ctx, trials.slice(start, start + atOnce), source)
    counts.created += kept.created
    counts.changed += kept.changed
    counts.erased += kept.erased
  }
  const invalidRows = new Set(invalid.map(({ row }) => row)).size
  return {
    read: file.rows.length,
    created: counts.created,
    changed: counts.changed,
    unchanged: trials.length - counts.created - counts.changed - counts.erased,
    invalid: invalidRows + counts.erased,
    problems: invalid.slice(0, problemsTold),
    warning: file.warning,
  }
}

/** Whoever asked to be forgotten is left out, without a word of who that was. */
async function keep(ctx: Context, trials: object[], source: string) {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  // What is known grows by what is told, but not without end.
  const data = sql`case when (select count(*) from jsonb_object_keys(l.data || excluded.data)) <= ${mostLeadData}
    then l.data || excluded.data else excluded.data end`
  const found = await ctx.db.execute<{ created: number; changed: number; erased: number }>(sql`
    with given as (
      select r.email, coalesce((
          select k.source from leads k where k.email = r.email
          order by k.kind = 'trial' desc, k.source = r.source desc, k.created_at, k.id limit 1), r.source) as source,
        r."startedAt", r."endsAt", r."convertedAt", r.name, r.plan, r.data,
        exists (select from suppressions s where s.email = ${addressHash(sql`r.email`)} and s.reason = 'erased') as erased
      from jsonb_to_recordset(${jsonb(trials)}) as r(
        email text, source text, "startedAt" timestamptz, "endsAt" timestamptz, "convertedAt" timestamptz, name text, plan text, data jsonb)),
    kept as (
      insert into leads as l (id, email, source, kind, name, plan, trial_started_at, trial_ends_at, converted_at, data, created_at, updated_at)
      select gen_random_uuid(), email, source, case when coalesce("startedAt", "endsAt") is null then 'lead' else 'trial' end,
        name, plan, "startedAt", "endsAt", "convertedAt", data, coalesce("startedAt", ${now}), ${now}
      from given where not erased
      on conflict (email, source) do update set
        kind = case when l.kind = 'trial' then 'trial' else excluded.kind end,
        name = coalesce(excluded.name, l.name), plan = coalesce(excluded.plan, l.plan),
        trial_started_at = coalesce(excluded.trial_started_at, l.trial_started_at),
        trial_ends_at = coalesce(excluded.trial_ends_at, l.trial_ends_at),
        converted_at = coalesce(l.converted_at, excluded.converted_at),
        -- A trial that was made longer is open again.
        closed_at = case when excluded.trial_ends_at > ${now} or excluded.converted_at is not null then null else l.closed_at end,
        data = ${data}, updated_at = excluded.updated_at
      where (l.kind, l.name, l.plan, l.trial_started_at, l.trial_ends_at, l.converted_at, l.data) is distinct from (
        case when l.kind = 'trial' then 'trial' else excluded.kind end, coalesce(excluded.name, l.name), coalesce(excluded.plan, l.plan),
        coalesce(excluded.trial_started_at, l.trial_started_at), coalesce(excluded.trial_ends_at, l.trial_ends_at),
        coalesce(l.converted_at, excluded.converted_at), ${data})
      returning id, (xmax = 0) as created, closed_at),
    withdrawn as (
      delete from hosting_requests where action = 'end_trial' and done_at is null
        and lead_id in (select id from kept where not created and closed_at is null)),
    counted as (select count(*) filter (where created)::int as created, count(*) filter (where not created)::int as changed from kept),
    audited as (${auditEntry(ctx, {
      action: "trials.imported",
      subject: { type: "trials", id: source },
      after: sql`(select to_jsonb(counted) from counted)`,
      where: sql`exists (select from kept)`,
    })})
    select created, changed, (select count(*) from given where erased)::int as erased from counted`)
  return found.rows[0] ?? { created: 0, changed: 0, erased: 0 }
}
