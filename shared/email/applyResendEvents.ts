import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { insertRows, jsonb, textArray } from "../db/bulk.ts"
import { suppressions } from "../db/schema/email.ts"
import { toAppError } from "../errors.ts"
import { parseResendEvent, type ResendEvent } from "./resendEvent.ts"

interface Claimed {
  svixId: string
  event: ResendEvent
}

const leaseMilliseconds = 60_000

/**
 * Moves outbox rows, suppression list and timelines by stored events of Resend. Every write is the same in any order:
 * delivery moves up by rank, openings and clicks keep their first time, suppressions only ever get stricter.
 */
export async function applyResendEvents(
  ctx: Context,
  input: { ids: string[] },
): Promise<{ applied: number; failed: number }> {
  const now = ctx.now()
  const claimed = await ctx.db.execute<{ svix_id: string; payload: string }>(sql`
    update resend_events set attempts = attempts + 1, next_attempt_at = ${new Date(now.getTime() + leaseMilliseconds).toISOString()}
    where svix_id = any(${textArray(input.ids)}) and status in ('received', 'retrying') and next_attempt_at <= ${now.toISOString()}
    returning svix_id, payload`)
  const events: Claimed[] = []
  const failed: { id: string; reason: string }[] = []
  for (const row of claimed.rows)
    try {
      events.push({ svixId: row.svix_id, event: parseResendEvent(JSON.parse(row.payload)) })
    } catch (thrown) {
      failed.push({ id: row.svix_id, reason: toAppError(thrown).message })
    }
  if (events.length + failed.length > 0) await batch(ctx.db, statements(events, failed, now))
  return { applied: events.length, failed: failed.length }
}

/** How far a mail has come; a higher rank is never taken back. */
const deliveryRank = { sent: 1, delayed: 2, delivered: 3, failed: 4, suppressed: 4, bounced: 5 } as const
const deliveries: Record<string, keyof typeof deliveryRank> = {
  "email.sent": "sent",
  "email.delivery_delayed": "delayed",
  "email.delivered": "delivered",
  "email.failed": "failed",
  "email.suppressed": "suppressed",
  "email.bounced": "bounced",
}

/** Only what a person would want to see. */
const toldTypes = new Set([
  "email.bounced",
  "email.complained",
  "email.opened",
  "email.clicked",
  "email.failed",
  "email.suppressed",
])

function statements(events: Claimed[], failed: { id: string; reason: string }[], now: Date): SQL[] {
  const rows = jsonb(
    events.map(({ svixId, event }) => {
      const delivery = deliveries[event.type]
      return {
        svix_id: svixId,
        type: event.type,
        at: event.createdAt,
        outbox_id: event.outboxId,
        email_id: event.emailId,
        delivery: delivery ?? null,
        rank: delivery ? deliveryRank[delivery] : 0,
        bounce: event.bounce,
        reason: event.reason,
        told: toldTypes.has(event.type),
      }
    }),
  )
  const record = sql`jsonb_to_recordset(${rows}) as r(svix_id text, type text, at timestamptz, outbox_id uuid, email_id text, delivery text, rank integer, bounce jsonb, reason text, told boolean)`
  const rankOf = sql`case o.delivery ${sql.join(
    Object.entries(deliveryRank).map(([name, rank]) => sql`when ${name} then ${rank}::integer`),
    sql` `,
  )} else 0 end`
  // By the tag that we put on the mail, or by Resend's id once we know it.
  const matched = sql`(o.id = r.outbox_id or (r.outbox_id is null and o.resend_id = r.email_id))`
  return [
    sql`
      with told as (
        select o.id,
          (array_agg(r.delivery order by r.rank desc, r.at) filter (where r.rank > 0))[1] as delivery,
          coalesce(max(r.rank), 0) as rank,
          (array_agg(r.at order by r.rank desc, r.at) filter (where r.rank > 0))[1] as delivery_at,
          min(r.email_id) as email_id,
          min(r.at) filter (where r.type = 'email.opened') as opened_at,
          min(r.at) filter (where r.type = 'email.clicked') as clicked_at,
          min(r.at) filter (where r.type = 'email.complained') as complained_at,
          min(r.at) as first_at,
          (array_agg(r.bounce order by r.at) filter (where r.bounce is not null))[1] as bounce
        from ${record} join email_outbox o on ${matched} group by o.id)
      update email_outbox o set
        -- Resend knows the mail, so it was sent, whatever we have recorded so far.
        status = case when o.status in ('sending', 'unknown') then 'sent' else o.status end,
        resend_id = coalesce(o.resend_id, t.email_id),
        sent_at = coalesce(o.sent_at, t.first_at),
        delivery = case when t.rank > ${rankOf} then t.delivery else o.delivery end,
        delivery_at = case when t.rank > ${rankOf} then t.delivery_at else o.delivery_at end,
        bounce = coalesce(o.bounce, t.bounce),
        opened_at = least(o.opened_at, t.opened_at),
        clicked_at = least(o.clicked_at, t.clicked_at),
        complained_at = least(o.complained_at, t.complained_at)
      from told t where o.id = t.id and o.status in ('sending', 'unknown', 'sent')`,
    ...suppress(events),
    sql`
      insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
      select distinct on (r.type, o.id) r.type || ':' || o.id, o.customer_id, r.at, r.type,
        jsonb_build_object('outbox', o.id, 'template', o.template_id, 'subject', o.message ->> 'subject', 'reason', r.reason), 'resend', r.svix_id
      from ${record} join email_outbox o on ${matched} where r.told
      order by r.type, o.id, r.at
      on conflict (key) do update set occurred_at = excluded.occurred_at, data = excluded.data, source_id = excluded.source_id
      where timeline_entries.occurred_at > excluded.occurred_at`,
    sql`
      update resend_events e set settled_at = ${now.toISOString()},
        status = case when o.id is null then 'ignored' else 'applied' end,
        reason = case when o.id is null then 'It is about a mail that was not sent from here.' end
      from ${record} left join email_outbox o on ${matched} where e.svix_id = r.svix_id`,
    ...(failed.length > 0
      ? [
          sql`update resend_events e set settled_at = ${now.toISOString()}, status = 'failed', reason = f.reason
            from jsonb_to_recordset(${jsonb(failed)}) as f(id text, reason text) where e.svix_id = f.id`,
        ]
      : []),
  ]
}

/** A permanent bounce and a complaint stop every mail to the address; a transient bounce stops none. */
function suppress(events: Claimed[]): SQL[] {
  const rows = new Map<string, typeof suppressions.$inferInsert>()
  for (const { svixId, event } of events) {
    const reason =
      event.type === "email.complained"
        ? ("complaint" as const)
        : event.type === "email.bounced" && event.bounce?.type === "Permanent"
          ? ("bounce" as const)
          : null
    if (reason === null) continue
    for (const address of event.to) {
      const email = address.toLowerCase()
      const before = rows.get(email)
      if (!before || event.createdAt < before.since)
        rows.set(email, { email, reason, all: true, since: event.createdAt, sourceId: svixId })
    }
  }
  if (rows.size === 0) return []
  return [
    sql`${insertRows(suppressions, [...rows.values()]).statement}
      on conflict (email) do update set reason = excluded.reason, "all" = true, since = least(suppressions.since, excluded.since), source_id = excluded.source_id
      where not suppressions.all or excluded.since < suppressions.since`,
  ]
}
