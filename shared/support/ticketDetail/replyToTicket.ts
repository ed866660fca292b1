import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { jsonb, textArray } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import { actorName } from "../../staff/actorName.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { type KeptFile, tooMuch } from "../reply/keepReplyFiles.ts"
import { replyFileLimits } from "../reply/replyFileLimits.ts"
import { shownName } from "../shownName.ts"
import { sendReplyOff } from "./sendReplyOff.ts"

/** Discord takes 4,096 characters in an embed, which is how a reply is said there. */
export const longestReply = { discord: 4000, email: 20_000 } as const

const reply = z.object({
  /** Made by the form, so that sending it twice says it once. */
  messageId: z.uuid(),
  ticketId: z.uuid(),
  content: z.string().check(z.trim(), z.minLength(1), z.maxLength(longestReply.email)),
  internal: z.boolean(),
})

/**
 * Keeps what staff write in a ticket and has it delivered: to the opener, or where it is a note to the staff's own thread.
 * A mail conversation has no place for notes but here. `files` are from `keepReplyFiles`. Throws `bad_request` for what is empty or too long, `not_found`,
 * and `conflict` where the ticket is closed; a note is taken by a closed one, too.
 */
export async function replyToTicket(
  ctx: Context<object, "tickets" | "emails">,
  input: { messageId: string; ticketId: string; content: string; internal: boolean; files?: KeptFile[] },
): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const read = reply.safeParse({ ...input, content: input.content.replaceAll("\0", "").replaceAll("\r\n", "\n") })
  if (!read.success) throw new AppError("bad_request", "A reply has between 1 and 20,000 characters.")
  const { messageId, ticketId, content, internal } = read.data
  const files = (input.files ?? []).map((file, index) => ({
    ...file,
    content_type: file.contentType,
    external_id: String(index),
  }))
  const who = actorName(ctx.actor)
  const name = shownName(ctx.actor) ?? "Staff"
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const short = sql`(t.source = 'email' or ${content.length <= longestReply.discord}::boolean)`
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const { together } = replyFileLimits
  const light = sql`${bytes}::bigint <= case t.source when 'email' then ${together.email}::bigint else ${together.discord}::bigint end`
  const takes = internal ? sql`true` : sql`t.status in ('opening', 'open')`
  const delivered = internal ? sql`t.source = 'discord' and t.status = 'open'` : sql`true`
  const { rows } = await ctx.db.execute<Outcome>(
    sql`
    with kept as (
      insert into ticket_messages (id, ticket_id, origin, author_id, author_name, author_kind, internal, content, sent_at,
        delivery, next_attempt_at)
      select ${messageId}, t.id, 'admin', ${who}, ${name}, 'staff', ${internal}, ${content.toWellFormed()}, ${now},
        case when ${delivered} then 'queued' end, case when ${delivered} then ${now} end
      from tickets t where t.id = ${ticketId} and ${short} and ${light} and ${takes}
      -- As it is once whoever closes or merges it is done.
      for update
      on conflict (id) do nothing returning id, ticket_id),
    attached as (
      insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, status, key)
      select f.id, kept.ticket_id, kept.id, f.external_id, f.name, f.content_type, f.size, 'stored', f.key
      from kept, jsonb_to_recordset(${jsonb(files)}) as f(id uuid, external_id text, name text, content_type text, size bigint, key text)),
    spared as (
      delete from file_deletions where key = any(${textArray(files.map(({ key }) => key))}) and exists (select from kept)),
    answered as (
      update tickets t set first_response_at = coalesce(t.first_response_at, ${now}),
        first_response_by = coalesce(t.first_response_by, ${who}), last_message_at = ${now}, last_from = 'staff',
        nudged_at = null, warned_at = null, tend_at = null, error = case when t.tend_at is null then t.error end,
        -- The answer to it is waited for: looked at as often as where somebody has just spoken.
        idle_captures = 0, capture_at = case when t.source = 'discord' then least(t.capture_at, ${now} + interval '2 minutes') end,
        version = t.version + 1
      from kept where t.id = kept.ticket_id and not ${internal}::boolean)
    select t.source, ${short} as short, ${light} as light, ${takes} as takes, exists (select from kept) as kept
    from tickets t where t.id = ${ticketId}`,
  )
  const [ticket] = rows
  if (!ticket) throw new AppError("not_found", "There is no such ticket.")
  if (!ticket.kept) await seeWhyNot(ctx, { ...read.data, files }, ticket)
  await sendReplyOff(ctx, { messageId, source: ticket.source })
}

interface Outcome extends Record<string, unknown> {
  source: "discord" | "email"
  short: boolean
  light: boolean
  takes: boolean
  kept: boolean
}

/** The same form may have been sent before, or at the same time: then all is well. */
async function seeWhyNot(
  ctx: Context,
  { messageId, ticketId, content, files }: z.infer<typeof reply> & { files: { name: string; size: number }[] },
  { source, short, light, takes }: Outcome,
): Promise<void> {
  const { rows } = await ctx.db.execute<{ same: boolean }>(sql`
    select m.ticket_id = ${ticketId} and m.content = ${content.toWellFormed()} and ${jsonb(files.map(({ name, size }) => ({ name, size })))} = coalesce((
      select jsonb_agg(jsonb_build_object('name', name, 'size', size) order by external_id) from ticket_attachments
      where message_id = m.id), '[]') as same
    from ticket_messages m where m.id = ${messageId}`)
  const [there] = rows
  if (there?.same) return
  if (there) throw new AppError("conflict", "Another reply has gone out by this form already. Send this one anew.")
  if (!short)
    throw new AppError("bad_request", `A message in Discord has up to ${longestReply.discord} characters. Make it two.`)
  if (!light) throw new AppError("bad_request", tooMuch(source))
  if (!takes) throw new AppError("conflict", "This ticket is closed. Reopen it, then send the reply.")
  throw new AppError("conflict", "The ticket changed in this moment. Send the reply again.")
}
