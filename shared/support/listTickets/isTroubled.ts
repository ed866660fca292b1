import { type SQL, sql } from "drizzle-orm"

/** Work that is overdue by so much has got lost. */
const stuckAfter = 10 * 60_000

/** Of `tickets t`: something about it failed, or does not get on. */
export function isTroubled(now: Date): SQL {
  const stuck = sql`${new Date(now.getTime() - stuckAfter).toISOString()}::timestamptz`
  return sql`t.id in (
    select id from tickets where error is not null
    union all select id from tickets where status in ('opening', 'closing') and next_attempt_at < ${stuck}
    union all select ticket_id from ticket_messages where delivery = 'failed'
    union all select ticket_id from ticket_messages where delivery = 'queued' and next_attempt_at < ${stuck}
    union all select ticket_id from ticket_attachments where status = 'failed')`
}
