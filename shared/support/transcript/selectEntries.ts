import { type SQL, sql } from "drizzle-orm"
import { textArray } from "../../db/bulk.ts"
import { openerEvents } from "./forOpener.ts"
import type { Reader } from "./readTranscript.ts"
import { searchQuery } from "./searchQuery.ts"

/** Messages and events of a ticket, oldest first, each with all that belongs to it; by index, so that every page is as quick. */
export function selectEntries(input: {
  ticketId: string
  reader: Reader
  after: { at: string; id: string } | null
  limit: number
  q: string | undefined
}): SQL {
  const { ticketId, reader, after, limit, q } = input
  const opener = reader === "opener"
  const since = (at: SQL, id: SQL) =>
    after ? sql`and (${at}, ${id}) > (${after.at}::timestamptz, ${after.id}::uuid)` : sql``
  const mine = opener ? sql`and not m.internal and (m.delivery is null or m.delivery = 'sent')` : sql``
  // What is not shown is not found either.
  const saying = q
    ? sql`and exists (select from ticket_message_words w where w.message_id = m.id and w.words @@ ${searchQuery(q)}) ${opener ? sql`and (m.deleted_at is null or m.author_kind = 'opener')` : sql``}`
    : sql``
  const messages = sql`
    select m.sent_at as sort_at, m.id, jsonb_build_object('type', 'message', 'origin', m.origin,
      'author', jsonb_build_object('id', m.author_id, 'name', m.author_name, 'kind', m.author_kind),
      'internal', m.internal, 'content', m.content, 'embeds', m.embeds, 'editedAt', m.edited_at, 'deletedAt', m.deleted_at,
      'delivery', m.delivery,
      'replyTo', (select jsonb_build_object('id', r.id, 'author', r.author_name, 'content', left(r.content, 200)) from ticket_messages r
        where r.ticket_id = m.ticket_id and r.external_id = m.reply_to and (m.internal or not r.internal)
          ${opener ? sql`and r.deleted_at is null` : sql``}),
      'edits', (select coalesce(jsonb_agg(jsonb_build_object('until', e.until, 'content', e.content) order by e.until), '[]')
        from ticket_message_edits e where e.message_id = m.id),
      'files', (select coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'name', a.name, 'contentType', a.content_type,
        'size', a.size, 'status', a.status) order by a.external_id, a.id), '[]') from ticket_attachments a where a.message_id = m.id)) as entry
    from ticket_messages m where m.ticket_id = ${ticketId}::uuid ${mine} ${saying} ${since(sql`m.sent_at`, sql`m.id`)}
    order by m.sent_at, m.id limit ${limit}`
  const events = sql`
    select e.at as sort_at, e.id, jsonb_build_object('type', 'event', 'kind', e.kind, 'actor', e.actor, 'actorLabel', e.actor_label,
      'data', e.data) as entry
    from ticket_events e where e.ticket_id = ${ticketId}::uuid ${opener ? sql`and e.kind = any(${textArray(openerEvents)})` : sql``}
      ${q ? sql`and false` : sql``} ${since(sql`e.at`, sql`e.id`)}
    order by e.at, e.id limit ${limit}`
  const instant = sql`to_char(sort_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  return sql`
    select entry || jsonb_build_object('id', id, 'at', ${instant}, 'cursorAt', ${instant}) as entry
    from ((${messages}) union all (${events})) as entries order by sort_at, id limit ${limit}`
}
