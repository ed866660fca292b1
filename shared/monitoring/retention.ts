import { type SQL, sql } from "drizzle-orm"
import { expiredPayload } from "../billing/withoutPersonalData.ts"
import type { Context } from "../context.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import type { Counts, JobPart, PartResult } from "./runJob.ts"

/** Rows of one statement: short locks, and little to do again. */
const atOnce = 2000

/**
 * Empties what has been kept long enough, piece by piece: bodies of settled events, runs of jobs, and what has expired.
 * The rows of events stay, so that one that comes again is still known.
 */
export async function retention(
  ctx: Context,
  { cursor, counts: earlier, until, keep }: Pick<JobPart, "cursor" | "counts" | "until" | "keep">,
): Promise<PartResult> {
  const { retention: days } = parseSettings(await selectSettings(ctx.db))
  const before = (age: number) => new Date(ctx.now().getTime() - age * 86_400_000).toISOString()
  const events = (table: SQL, key: SQL) => sql`
    update ${table} set payload = ${expiredPayload} where ${key} in (
      select ${key} from ${table} where received_at < ${before(days.payloadDays)} and status in ('applied', 'ignored')
        and octet_length(payload) > 40 order by received_at limit ${atOnce})`
  const rows = (table: SQL, which: SQL) => sql`
    delete from ${table} where ctid = any(array(select ctid from ${table} where ${which} limit ${atOnce}))`
  const work: Record<string, SQL> = {
    stripeEvents: events(sql`stripe_events`, sql`id`),
    resendEvents: events(sql`resend_events`, sql`svix_id`),
    mailsApart: rows(sql`received_mails`, sql`ticket_id is null and received_at < ${before(days.payloadDays)}`),
    jobRuns: rows(
      sql`job_runs`,
      // The last run of a job stays, and the last that succeeded: by them its state is known.
      sql`finished_at is not null and created_at < ${before(days.runDays)} and exists (
        select from job_runs newer where newer.job = job_runs.job and newer.created_at > job_runs.created_at
          and newer.finished_at is not null and (job_runs.outcome = 'failed' or newer.outcome = 'succeeded'))`,
    ),
    idempotencyKeys: rows(sql`idempotency_keys`, sql`created_at < ${before(2)}`),
    signInCodes: rows(sql`staff_codes`, sql`created_at < ${before(2)}`),
    confirmations: rows(sql`staff_confirmations`, sql`expires_at < ${before(2)}`),
    signInChallenges: rows(sql`staff_challenges`, sql`expires_at < ${before(2)}`),
    discordInteractions: rows(
      sql`discord_interactions`,
      // What came to nothing on our side stays until staff have dealt with it.
      sql`received_at < ${before(30)} and (set_aside_at is not null or (failed_at is null and payload is null))`,
    ),
    discordLinkCodes: rows(sql`discord_link_codes`, sql`created_at < ${before(2)}`),
    imports: rows(sql`customer_imports`, sql`applied_at is null and created_at < ${before(2)}`),
  }
  const done = new Set(Array.isArray(cursor) ? cursor.map(String) : [])
  const counts: Counts = { ...earlier }
  for (const [name, statement] of Object.entries(work)) {
    while (!done.has(name)) {
      const { rowCount } = await ctx.db.execute(statement)
      counts[name] = (counts[name] ?? 0) + rowCount
      if (rowCount < atOnce) done.add(name)
      await keep({ cursor: [...done], counts })
      if (ctx.now() >= until) return { counts, cursor: [...done] }
    }
  }
  return { counts }
}
