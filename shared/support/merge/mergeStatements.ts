import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { actorName } from "../../staff/actorName.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { shownName } from "../shownName.ts"
import { ticketEvent } from "../ticketEvent.ts"

interface MergedTicket {
  id: string
  number: number
  version: number
  /** Lower case. */
  openerEmail: string | null
}

/**
 * Moves all that was said in one ticket by mail into another, and closes it for good, as statements for a batch. It fails
 * with SQLSTATE 22012 where either has changed since it was read.
 */
export function mergeStatements(ctx: Context, { from, into }: { from: MergedTicket; into: MergedTicket }): SQL[] {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const same = from.openerEmail === into.openerEmail
  // Who opened the one is somebody else in the other.
  const author = same ? sql`author_kind` : sql`case when author_kind = 'opener' then 'other' else author_kind end`
  // The opener's own word goes before another's, and what that one wrote with it is not shown to them.
  const rated = sql`(f.rating is not null and (t.rating is null or ${same} and f.rated_at > t.rated_at))`
  const merged = { ticketId: from.id, kind: "merged", once: into.id, data: { into: into.number } } as const
  return [
    sql`select from tickets where id in (${from.id}, ${into.id}) order by id for update`,
    sql`select 1 / (case when (select count(*) from tickets where merged_into is null
      and (id = ${from.id} and version = ${from.version}::integer or id = ${into.id} and version = ${into.version}::integer)) = 2 then 1 else 0 end)`,
    sql`update ticket_messages m set ticket_id = ${into.id}, author_kind = ${author},
        external_id = case when exists (select from ticket_messages o where o.ticket_id = ${into.id} and o.external_id = m.external_id)
          then m.external_id || '@' || m.id else m.external_id end
      where m.ticket_id = ${from.id}`,
    sql`update ticket_attachments set ticket_id = ${into.id} where ticket_id = ${from.id}`,
    sql`update received_mails set ticket_id = ${into.id} where ticket_id = ${from.id}`,
    sql`update tickets t set opened_at = least(t.opened_at, f.opened_at), customer_id = coalesce(t.customer_id, f.customer_id),
        first_response_by = case when f.first_response_at < coalesce(t.first_response_at, 'infinity') then f.first_response_by else t.first_response_by end,
        first_response_at = least(t.first_response_at, f.first_response_at),
        last_from = case when f.last_message_at > t.last_message_at then f.last_from else t.last_from end,
        last_message_at = greatest(t.last_message_at, f.last_message_at),
        claimed_by = coalesce(t.claimed_by, f.claimed_by), claimed_at = case when t.claimed_by is null then f.claimed_at else t.claimed_at end,
        claimed_by_label = case when t.claimed_by is null then f.claimed_by_label else t.claimed_by_label end,
        rating = case when ${rated} then f.rating else t.rating end, rated_at = case when ${rated} then f.rated_at else t.rated_at end,
        rating_comment = case when ${rated} then case when ${same} then f.rating_comment end else t.rating_comment end,
        nudged_at = null, warned_at = null, close_asked_at = null, version = t.version + 1
      from tickets f where f.id = ${from.id} and t.id = ${into.id}`,
    sql`update tickets set merged_into = ${into.id} where merged_into = ${from.id}`,
    sql`update tickets set merged_into = ${into.id}, status = 'closed', closed_at = coalesce(closed_at, ${now}),
        closed_by = ${actorName(ctx.actor)}, closed_by_label = ${shownName(ctx.actor)}, close_reason = ${`Merged into ticket #${into.number}.`},
        error = null, next_attempt_at = null, lease_until = null, version = version + 1
      where id = ${from.id}`,
    ticketEvent(ctx, merged),
    ticketEvent(ctx, { ticketId: into.id, kind: "merged", once: from.id, data: { from: from.number } }),
    auditEntry(ctx, {
      action: "ticket.merged",
      subject: { type: "ticket", id: from.id },
      after: { into: into.id, number: into.number },
    }),
  ]
}
