import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { jsonb } from "../db/bulk.ts"
import type { TicketEventKind } from "../db/schema/support.ts"
import { actorLabel } from "../staff/actorLabel.ts"
import { actorName } from "../staff/actorName.ts"
import { eventKey } from "./eventKey.ts"

/**
 * What happened to a ticket, for the batch that makes it happen: on the ticket and, where it is a customer's, on their
 * timeline. `once` tells it apart from others of its kind, where there may be several. `where` is about `tickets t`: told
 * only where it holds.
 */
export function ticketEvent(
  ctx: Context,
  event: {
    /** Of the event, for what else in the batch is to happen only with it. */
    id?: string
    ticketId: string
    kind: TicketEventKind
    once?: string
    data?: Record<string, string | number | null>
    /** What people call who did it, where the actor does not say. */
    label?: string
    where?: SQL
  },
): SQL {
  const { id = crypto.randomUUID(), ticketId, kind, data = {}, label = null, where = sql`true` } = event
  const key = eventKey(event)
  const at = sql`${ctx.now().toISOString()}::timestamptz`
  return sql`
    with told as (
      insert into ticket_events (id, key, ticket_id, kind, at, actor, actor_label, data)
      select ${id}::uuid, ${key}, t.id, ${kind}, ${at}, ${actorName(ctx.actor)}, ${actorLabel(ctx.actor) ?? label}, ${jsonb(data)}
      from tickets t where t.id = ${ticketId} and ${where}
      on conflict (key) do nothing returning ticket_id)
    insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
    select ${`ticket:${key}`}, t.customer_id, ${at}, ${`ticket.${kind}`},
      jsonb_build_object('ticket', t.number, 'subject', t.subject, 'id', t.id) || ${jsonb(data)}, 'support', t.id::text
    from told join tickets t on t.id = told.ticket_id where t.customer_id is not null
    on conflict (key) do nothing`
}
