import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { countAnswer } from "../reply/countAnswer.ts"
import { takeBackAnswer } from "../reply/takeBackAnswer.ts"
import { sendReplyOff } from "./sendReplyOff.ts"

interface Reply {
  ticketId: string
  messageId: string
}

/** Has a reply that could not be delivered tried again, now. Throws `conflict` where it is on its way or there. */
export async function retryReply(
  ctx: Context<object, "tickets" | "emails">,
  { ticketId, messageId }: Reply,
): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const now = ctx.now().toISOString()
  const retry = ctx.db.execute<{ source: "discord" | "email" }>(sql`
    with due as (
      update ticket_messages set delivery = 'queued', attempts = 0, error = null, next_attempt_at = ${now}
      where id = ${messageId} and ticket_id = ${ticketId} and deleted_at is null
        and (delivery = 'failed' or (delivery = 'queued' and error is not null)) returning ticket_id),
    audited as (${auditEntry(ctx, {
      action: "ticket.replyRetried",
      subject: { type: "ticket", id: ticketId },
      after: { message: messageId },
      where: sql`exists (select from due)`,
    })})
    select source from tickets where id in (select ticket_id from due)`)
  const [retried] = await ctx.db.batch([
    retry,
    // By when it is said, not by when it was written.
    ctx.db.execute(
      countAnswer({
        which: sql`m.id = ${messageId} and m.delivery = 'queued' and m.next_attempt_at = ${now}::timestamptz`,
        at: sql`${now}::timestamptz`,
      }),
    ),
  ])
  const [ticket] = retried.rows
  if (!ticket) throw new AppError("conflict", "Only a reply that could not be delivered is retried.")
  await sendReplyOff(ctx, { messageId, source: ticket.source })
}

/** Gives up a reply that could not be delivered; it stays to be read, as one that never went out. */
export async function discardReply(ctx: Context, { ticketId, messageId }: Reply): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const giveUp = ctx.db.execute(sql`
    with given as (
      update ticket_messages set delivery = null, next_attempt_at = null, deleted_at = ${ctx.now().toISOString()}
      where id = ${messageId} and ticket_id = ${ticketId} and delivery = 'failed' returning id),
    audited as (${auditEntry(ctx, {
      action: "ticket.replyDiscarded",
      subject: { type: "ticket", id: ticketId },
      after: { message: messageId },
      where: sql`exists (select from given)`,
    })})
    select id from given`)
  const takeBack = ctx.db.execute(takeBackAnswer(sql`m.id = ${messageId} and m.ticket_id = ${ticketId}`))
  const [, given] = await ctx.db.batch([takeBack, giveUp])
  if (given.rows.length === 0) throw new AppError("conflict", "Only a reply that could not be delivered is given up.")
}
