import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { actorName } from "../../staff/actorName.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
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
 * A mail conversation has no place for notes but here. Throws `bad_request` for what is empty or too long, `not_found`,
 * and `conflict` where the ticket is closed; a note is taken by a closed one, too.
 */
export async function replyToTicket(
  ctx: Context<object, "tickets" | "emails">,
  input: { messageId: string; ticketId: string; content: string; internal: boolean },
): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const read = reply.safeParse({ ...input, content: input.content.replaceAll("\0", "").replaceAll("\r\n", "\n") })
  if (!read.success) throw new AppError("bad_request", "A reply has between 1 and 20,000 characters.")
  const { messageId, ticketId, content, internal } = read.data
  const who = actorName(ctx.actor)
  const name = shownName(ctx.actor) ?? "Staff"
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const short = sql`(t.source = 'email' or ${content.length <= longestReply.discord}::boolean)`
  const takes = internal ? sql`true` : sql`t.status in ('opening', 'open')`
  const delivered = internal ? sql`t.source = 'discord' and t.status = 'open'` : sql`true`
  const { rows } = await ctx.db.execute<{ source: "discord" | "email"; short: boolean; takes: boolean; kept: boolean }>(
    sql`
    with kept as (
      insert into ticket_messages (id, ticket_id, origin, author_id, author_name, author_kind, internal, content, sent_at,
        delivery, next_attempt_at)
      select ${messageId}, t.id, 'admin', ${who}, ${name}, 'staff', ${internal}, ${content.toWellFormed()}, ${now},
        case when ${delivered} then 'queued' end, case when ${delivered} then ${now} end
      from tickets t where t.id = ${ticketId} and ${short} and ${takes}
      on conflict (id) do nothing returning ticket_id),
    answered as (
      update tickets t set first_response_at = coalesce(t.first_response_at, ${now}),
        first_response_by = coalesce(t.first_response_by, ${who}), last_message_at = ${now}, last_from = 'staff',
        nudged_at = null, warned_at = null, version = t.version + 1
      from kept where t.id = kept.ticket_id and not ${internal}::boolean)
    select t.source, ${short} as short, ${takes} as takes, exists (select from kept) as kept
    from tickets t where t.id = ${ticketId}`,
  )
  const [ticket] = rows
  if (!ticket) throw new AppError("not_found", "There is no such ticket.")
  if (!ticket.kept) await seeWhyNot(ctx, read.data, ticket)
  await sendReplyOff(ctx, { messageId, source: ticket.source })
}

/** The same form may have been sent before, or at the same time: then all is well. */
async function seeWhyNot(
  ctx: Context,
  { messageId, ticketId, content }: z.infer<typeof reply>,
  { short, takes }: { short: boolean; takes: boolean },
): Promise<void> {
  const { rows } = await ctx.db.execute<{ same: boolean }>(sql`
    select ticket_id = ${ticketId} and content = ${content.toWellFormed()} as same from ticket_messages where id = ${messageId}`)
  const [there] = rows
  if (there?.same) return
  if (there) throw new AppError("conflict", "Another reply has gone out by this form already. Send this one anew.")
  if (!short)
    throw new AppError("bad_request", `A message in Discord has up to ${longestReply.discord} characters. Make it two.`)
  if (!takes) throw new AppError("conflict", "This ticket is closed. Reopen it, then send the reply.")
  throw new AppError("conflict", "The ticket changed in this moment. Send the reply again.")
}
