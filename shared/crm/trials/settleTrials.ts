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
        select l.id, greatest(min(s.started_at), min(l.trial_started_at)) as at
        from leads l join customers c on lower(c.email) = l.email and c.deleted_at is null and c.stripe_id is not null
        join subscriptions s on s.customer_id = c.id and s.relevant and s.status not in ('incomplete', 'incomplete_expired', 'trialing')
          -- A trial of Stripe's that ended before it was paid for bought nothing: see firstPaidTime of customerStages.ts.
          and (s.status <> 'canceled' or s.trial_end is null or s.ended_at > s.trial_end + interval '2 hours')
          -- What ended before the trial began is of another time.
          and coalesce(s.ended_at, 'infinity') > coalesce(l.trial_started_at, l.created_at)
        where l.kind = 'trial' and l.converted_at is null group by l.id) m
      where m.id = l.id and l.converted_at is null
      returning l.id),
    withdrawn as (
      delete from hosting_requests where action = 'end_trial' and done_at is null and lead_id in (select id from matched))
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
        returning id),
      asked as (
        insert into hosting_requests (id, action, lead_id, requested_at)
        select gen_random_uuid(), 'end_trial', id, ${now} from closed
        on conflict (lead_id, action) do update set requested_at = excluded.requested_at, done_at = null)
      select count(*)::int as closed from closed`)
    const count = found.rows[0]?.closed ?? 0
    closed += count
    if (count < atOnce) return closed
  }
}
