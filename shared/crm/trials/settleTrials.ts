import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"

const atOnce = 500

/** Trials whose address is a paying customer's by now have converted: when their first subscription began. */
export async function matchTrials(ctx: Context): Promise<number> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const found = await ctx.db.execute<{ matched: number }>(sql`
    with matched as (
      update leads l set converted_at = m.at, closed_at = null, updated_at = ${now}
      from (
        select l.id, (array_agg(c.id order by s.started_at))[1] as customer_id,
          greatest(min(s.started_at), min(l.trial_started_at)) as at
        from leads l join customers c on lower(c.email) = l.email and c.deleted_at is null and c.stripe_id is not null
        join subscriptions s on s.customer_id = c.id and s.relevant and s.status not in ('incomplete', 'incomplete_expired', 'trialing')
          -- What ended before the trial began is of another time.
          and coalesce(s.ended_at, 'infinity') > coalesce(l.trial_started_at, l.created_at)
        where l.kind = 'trial' and l.converted_at is null group by l.id) m
      where m.id = l.id and l.converted_at is null
      returning l.id, l.source, m.customer_id, m.at),
    withdrawn as (
      delete from hosting_requests where action = 'end_trial' and done_at is null and lead_id in (select id from matched)),
    told as (
      insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
      select 'trial.converted:' || id, customer_id, at, 'trial.converted', jsonb_build_object('source', source), 'job', id::text from matched
      on conflict (key) do nothing)
    select count(*)::int as matched from matched`)
  return found.rows[0]?.matched ?? 0
}

/**
 * Closes trials whose end has passed and who have not become customers, and has hosting asked to end their servers, once
 * each, however many do it at the same time. Returns how many.
 */
export async function closeExpiredTrials(ctx: Context): Promise<number> {
  let closed = 0
  for (;;) {
    const now = sql`${ctx.now().toISOString()}::timestamptz`
    const found = await ctx.db.execute<{ closed: number }>(sql`
      with closed as (
        update leads set closed_at = ${now}, updated_at = ${now} where id in (
          select id from leads where kind = 'trial' and closed_at is null and converted_at is null and trial_ends_at <= ${now}
          order by trial_ends_at limit ${atOnce} for update skip locked)
        returning id, email, source, trial_ends_at),
      asked as (
        insert into hosting_requests (id, action, lead_id, requested_at)
        select gen_random_uuid(), 'end_trial', id, ${now} from closed
        on conflict (lead_id, action) do update set requested_at = excluded.requested_at, done_at = null),
      told as (
        insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
        select 'trial.closed:' || l.id || ':' || extract(epoch from l.trial_ends_at)::bigint, c.id, l.trial_ends_at, 'trial.closed',
          jsonb_build_object('source', l.source), 'job', l.id::text
        from closed l join customers c on lower(c.email) = l.email and c.deleted_at is null
        on conflict (key) do nothing)
      select count(*)::int as closed from closed`)
    const count = found.rows[0]?.closed ?? 0
    closed += count
    if (count < atOnce) return closed
  }
}
