import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { jsonb, textArray } from "../../db/bulk.ts"
import { mostBytes } from "../../files/fileStore.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import type { CapturePlace } from "./capturePlace.ts"
import type { KeptMessage } from "./keptMessage.ts"
import { noteSpoken } from "./noteSpoken.ts"

export interface Page {
  /** Oldest first. */
  messages: KeptMessage[]
  /** Before Discord was asked. */
  listedAt: Date
  /** From here to there nothing else is left in Discord. */
  complete?: { from: string; to: string } | undefined
  /** Up to here everything is kept once the page is. */
  cursor?: string | undefined
  /** As far back everything has been read once more. */
  rereadTo?: string | undefined
}

/**
 * Keeps what a page of a channel's messages says, and how far that has come, in one batch: the same page again, an older one,
 * or two at once change nothing. How many messages were new, reworded or deleted.
 */
export async function writePage(ctx: Context, ticketId: string, place: CapturePlace, page: Page): Promise<number> {
  const { messages, complete } = page
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const said = saidRows(messages)
  const counted: SQL[] = [
    sql`insert into ticket_messages (id, ticket_id, origin, external_id, author_id, author_name, author_kind, internal, content, embeds, reply_to, sent_at, edited_at)
      select s.id, t.id, 'discord', s.external_id, s.author_id, s.author_name, s.author_kind, ${place.internal}, s.content, s.embeds, s.reply_to, s.sent_at, s.edited_at
      from ${said}, tickets t where t.id = ${ticketId} on conflict (ticket_id, external_id) do nothing`,
    // What bots write is no wording of anybody's; they say how things stand.
    sql`insert into ticket_message_edits (message_id, until, content)
      select m.id, s.edited_at, m.content from ${said} join ticket_messages m on m.ticket_id = ${ticketId} and m.external_id = s.external_id
      where m.origin = 'discord' and m.author_kind <> 'bot' and not s.blank and m.content not in ('', s.content)
        and s.edited_at > coalesce(m.edited_at, m.sent_at)
      on conflict do nothing`,
    ...(complete ? [deletions(ticketId, place, messages, complete, now)] : []),
  ]
  const uncounted: SQL[] = [
    // Links unfold without an edit, and what could not be read before may be readable now.
    sql`update ticket_messages m set content = s.content, embeds = s.embeds, edited_at = s.edited_at
      from ${said} where m.ticket_id = ${ticketId} and m.external_id = s.external_id and m.origin = 'discord' and not s.blank
        and (s.edited_at > coalesce(m.edited_at, '-infinity') or (s.edited_at is not distinct from m.edited_at
          and (m.embeds <> s.embeds or (m.content = '' and s.content <> ''))))`,
    sql`update ticket_messages set deleted_at = null where ticket_id = ${ticketId} and deleted_at < ${page.listedAt.toISOString()}::timestamptz
      and external_id = any(${textArray(messages.map(({ externalId }) => externalId))})`,
    ...files(ticketId, messages, now),
    ...noteSpoken(ticketId, place, messages),
    progress(ticketId, place, page),
    ...(seemsUnreadable(messages) ? [unreadable(ctx)] : []),
  ]
  const delivered = deliveries(ticketId, place, messages)
  const results = await batch(ctx.db, [...delivered, ...counted, ...uncounted])
  return results
    .slice(delivered.length, delivered.length + counted.length)
    .reduce((sum, { rowCount }) => sum + rowCount, 0)
}

const saidRows = (messages: KeptMessage[]): SQL => {
  const rows = messages.map((each) => ({
    id: each.id,
    external_id: each.externalId,
    author_id: each.authorId,
    author_name: each.authorName,
    author_kind: each.authorKind,
    content: each.content,
    embeds: each.embeds,
    reply_to: each.replyTo,
    sent_at: each.sentAt,
    edited_at: each.editedAt,
    blank: each.blank,
  }))
  return sql`jsonb_to_recordset(${jsonb(rows)}) as s(id uuid, external_id text, author_id text, author_name text, author_kind text,
    content text, embeds jsonb, reply_to text, sent_at timestamptz, edited_at timestamptz, blank boolean)`
}

/**
 * Messages of the bot that deliver what staff wrote in their pages, of which nobody has written down yet that they did: told
 * by the nonce they were sent under, or where Discord does not say it any more, by what they say.
 */
function deliveries(ticketId: string, place: CapturePlace, messages: KeptMessage[]): SQL[] {
  const rows = messages
    .filter(({ authorKind }) => authorKind === "bot")
    .map(({ externalId, texts, nonce }) => ({ external_id: externalId, texts, nonce }))
  if (rows.length === 0) return []
  return [
    sql`with pairs as (
        select distinct on (d.external_id) d.external_id, m.id
        from jsonb_to_recordset(${jsonb(rows)}) as d(external_id text, texts jsonb, nonce text) join ticket_messages m
          on m.ticket_id = ${ticketId} and m.origin = 'admin' and m.delivery = 'queued' and m.external_id is null
            and m.internal = ${place.internal} and ((length(d.nonce) >= 16 and starts_with(replace(m.id::text, '-', ''), d.nonce))
              or (d.nonce = '' and m.attempts > 0 and d.texts @> to_jsonb(btrim(m.content, E' \n\r\t'))))
        where not exists (select from ticket_messages k where k.ticket_id = ${ticketId} and k.external_id = d.external_id)
        order by d.external_id, m.sent_at, m.id)
      update ticket_messages m set external_id = p.external_id, delivery = 'sent', next_attempt_at = null, error = null
      from (select distinct on (id) * from pairs order by id, external_id) p where m.id = p.id`,
  ]
}

/** Kept messages between the ends of what was listed, and not in it. */
const deletions = (
  ticketId: string,
  { internal }: CapturePlace,
  messages: KeptMessage[],
  { from, to }: { from: string; to: string },
  now: SQL,
): SQL => sql`
  update ticket_messages set deleted_at = ${now}
  where ticket_id = ${ticketId} and internal = ${internal} and deleted_at is null and origin in ('discord', 'admin')
    and external_id <> all(${textArray(messages.map(({ externalId }) => externalId))})
    and case when external_id ~ '^\\d{1,20}$' then external_id::numeric between ${from}::numeric and ${to}::numeric else false end`

function files(ticketId: string, messages: KeptMessage[], now: SQL): SQL[] {
  const rows = messages.flatMap((message) =>
    message.files.map((file) => ({
      message: message.externalId,
      external_id: file.externalId,
      name: file.name,
      content_type: file.contentType,
      size: file.size,
      url: file.url,
      status: file.size > mostBytes ? "too_large" : "waiting",
    })),
  )
  if (rows.length === 0) return []
  return [
    sql`insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, url, status, next_attempt_at)
      select gen_random_uuid(), m.ticket_id, m.id, f.external_id, f.name, f.content_type, f.size, f.url, f.status,
        case when f.status = 'waiting' then ${now} end
      from jsonb_to_recordset(${jsonb(rows)}) as f(message text, external_id text, name text, content_type text, size bigint, url text, status text)
      join ticket_messages m on m.ticket_id = ${ticketId} and m.external_id = f.message and m.origin = 'discord'
      on conflict (message_id, external_id) do update set url = excluded.url
        where ticket_attachments.status = 'waiting' and ticket_attachments.url <> excluded.url`,
  ]
}

/** Never backwards. */
function progress(ticketId: string, { internal }: CapturePlace, { cursor, rereadTo }: Page): SQL {
  const captured = sql.identifier(internal ? "staff_captured_to" : "captured_to")
  const reread = sql.identifier(internal ? "staff_reread_to" : "reread_to")
  return sql`
    update tickets set ${reread} = coalesce(${rereadTo ?? null}, ${reread}),
      ${captured} = case when ${captured} is null or ${captured}::numeric < ${cursor ?? "0"}::numeric then ${cursor ?? null} else ${captured} end
    where id = ${ticketId}`
}

/** Without the right to read content everything that people write is blank, but for what mentions the bot. */
function seemsUnreadable(messages: KeptMessage[]): boolean {
  const blank = messages.filter((message) => message.blank).length
  return blank > 0 && blank * 2 >= messages.filter(({ authorKind }) => authorKind !== "bot").length
}

const unreadable = (ctx: Context): SQL =>
  notifyStaff(ctx, {
    key: `tickets-unreadable:${ctx.now().toISOString().slice(0, 10)}`,
    message:
      "What people write in tickets cannot be read: Discord leaves it out. Switch on the Message Content Intent of the bot in Discord's developer portal.",
  })
