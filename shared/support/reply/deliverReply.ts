import type { APIEmbed, APIMessage } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { batch } from "../../db/batch.ts"
import { toAppError } from "../../errors.ts"
import type { DiscordFile } from "../../vendors/discord/discordBody.ts"
import { DiscordError, DiscordRateLimit } from "../../vendors/discord/discordError.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import { captureTicket } from "../capture/captureTicket.ts"
import { closingQuestion } from "../place/closingQuestion.ts"
import { staffThreadAnew } from "../place/staffThreadAnew.ts"
import type { TicketContext } from "../ticketContext.ts"
import { filesOfMessage, type ReplyFile, readReplyFile } from "./replyFile.ts"
import { takeBackAnswer } from "./takeBackAnswer.ts"

/** Waits before a reply is tried again, in seconds; then staff see that it failed and have it tried again themselves. */
const backoffSeconds = [5, 30, 120, 600, 1800, 3600]
const leaseSeconds = 60
/** Files take a while to be sent, and are sent up to three times. */
const leaseWithFilesSeconds = 300

const unknownChannel = 10003

interface Claimed extends Record<string, unknown> {
  id: string
  ticket_id: string
  content: string
  internal: boolean
  asks_closing: boolean
  opener_id: string | null
  author_name: string
  channel_id: string | null
  staff_thread_id: string | null
  attempts: number
  files: ReplyFile[]
}

/**
 * Says in Discord what was written in the staff pages, in the name of who wrote it: the opener reads a reply, only staff a
 * note. Sent twice under one nonce it is said once. Returns null where there is nothing to do or somebody else is at it.
 */
export async function deliverReply(ctx: TicketContext, { id }: { id: string }): Promise<"sent" | "failed" | null> {
  const now = ctx.now()
  const claimed = await ctx.db.execute<Claimed>(sql`
    update ticket_messages m set attempts = m.attempts + 1,
      next_attempt_at = ${now.toISOString()}::timestamptz + make_interval(secs => case
        when exists (select from ticket_attachments a where a.message_id = m.id) then ${leaseWithFilesSeconds}::int else ${leaseSeconds}::int end)
    from tickets t
    where m.id::text = ${id} and t.id = m.ticket_id and t.source = 'discord' and m.delivery = 'queued'
      and m.next_attempt_at <= ${now.toISOString()} and t.status <> 'opening'
    returning m.id, m.ticket_id, m.content, m.internal, m.asks_closing, t.opener_id, m.author_name, t.channel_id, t.staff_thread_id, m.attempts,
      ${filesOfMessage} as files`)
  const [reply] = claimed.rows
  if (!reply) return null
  try {
    // A nonce is forgotten within minutes: whether it was said before all the same, the conversation tells.
    if (reply.attempts > 1 && (await wasSaid(ctx, reply))) return "sent"
    const sent = await say(ctx, reply)
    return await settle(
      ctx,
      reply,
      sent ? { messageId: sent.id } : { failed: "The ticket has no place in Discord any more." },
    )
  } catch (thrown) {
    const error = toAppError(thrown)
    const refused = thrown instanceof DiscordError || error.code === "not_found"
    const waits = thrown instanceof DiscordRateLimit || !refused
    const wait = backoffSeconds[reply.attempts - 1]
    ctx.log.error("reply not delivered", { message: reply.id, attempts: reply.attempts, error: error.message })
    if (!waits || wait === undefined) return await settle(ctx, reply, { failed: error.message })
    const next = thrown instanceof DiscordRateLimit ? thrown.retryAt : new Date(ctx.now().getTime() + wait * 1000)
    await ctx.db.execute(sql`
      update ticket_messages set next_attempt_at = ${next.toISOString()}, error = ${error.message.slice(0, 1000)}
      where id = ${reply.id} and attempts = ${reply.attempts} and delivery = 'queued'`)
    return "failed"
  }
}

/** Null where there is no place for it. */
async function say(ctx: TicketContext, reply: Claimed): Promise<APIMessage | null> {
  const embed: APIEmbed = { author: { name: reply.author_name.slice(0, 256) }, description: reply.content }
  const files = await filesFor(ctx, reply)
  const nonce = reply.id.replaceAll("-", "").slice(0, 25)
  const sayIn = (channelId: string) =>
    createMessage(ctx.vendors.discord, {
      channelId,
      nonce,
      message:
        reply.asks_closing && reply.opener_id
          ? closingQuestion({ id: reply.ticket_id, openerId: reply.opener_id })
          : { embeds: [embed] },
      files,
    })
  if (!reply.internal) return reply.channel_id ? await sayIn(reply.channel_id) : null
  const { ticket_id: id, staff_thread_id: known } = reply
  if (known) {
    try {
      return await sayIn(known)
    } catch (thrown) {
      if (!(thrown instanceof DiscordError && thrown.discordCode === unknownChannel)) throw thrown
    }
    await ctx.db.execute(sql`update tickets set staff_thread_id = null where id = ${id} and staff_thread_id = ${known}`)
  }
  const made = await staffThreadAnew(ctx, { id })
  return made ? await sayIn(made) : null
}

async function filesFor(ctx: TicketContext, { files }: Claimed): Promise<DiscordFile[]> {
  const found: DiscordFile[] = []
  for (const file of files) found.push({ name: file.name, data: await readReplyFile(ctx.vendors.files, file) })
  return found
}

async function wasSaid(ctx: TicketContext, { id, ticket_id: ticketId }: Claimed): Promise<boolean> {
  await captureTicket(ctx, { id: ticketId })
  const found = await ctx.db.execute(sql`select from ticket_messages where id = ${id} and delivery = 'sent'`)
  return found.rowCount > 0
}

async function settle(
  ctx: TicketContext,
  reply: Claimed,
  outcome: { messageId: string } | { failed: string },
): Promise<"sent" | "failed"> {
  const sent = "messageId" in outcome
  // Whoever looked at the conversation meanwhile has kept it as a message of the bot.
  const seen = sql`
    delete from ticket_messages where external_id = ${sent ? outcome.messageId : null} and id <> ${reply.id} and author_kind = 'bot'
      and ticket_id = (select ticket_id from ticket_messages where id = ${reply.id})`
  const unnamed = sql`
    insert into file_deletions (key, requested_at)
    select a.key, ${ctx.now().toISOString()}::timestamptz from ticket_attachments a join ticket_messages m on m.id = a.message_id
    where m.external_id = ${sent ? outcome.messageId : null} and m.id <> ${reply.id} and m.author_kind = 'bot' and a.key is not null
      and m.ticket_id = ${reply.ticket_id}
    on conflict (key) do nothing`
  const settled = sql`
    with settled as (
      update ticket_messages set delivery = ${sent ? "sent" : "failed"}, next_attempt_at = null,
        error = ${sent ? null : outcome.failed.slice(0, 1000)}, external_id = ${sent ? outcome.messageId : null}
      where id = ${reply.id} and delivery = 'queued' returning ticket_id)
    update tickets set version = version + 1 where id = (select ticket_id from settled)`
  await batch(ctx.db, [unnamed, seen, settled, ...(sent ? [] : [takeBackAnswer(sql`m.id = ${reply.id}`)])])
  return sent ? "sent" : "failed"
}

/** Ids of replies that wait to be said in Discord. */
export async function selectDueReplies(ctx: Pick<TicketContext, "db" | "now">, limit: number): Promise<string[]> {
  const found = await ctx.db.execute<{ id: string }>(sql`
    select m.id from ticket_messages m join tickets t on t.id = m.ticket_id
    where m.delivery = 'queued' and t.source = 'discord' and m.next_attempt_at <= ${ctx.now().toISOString()}::timestamptz
    order by m.next_attempt_at limit ${limit}`)
  return found.rows.map(({ id }) => id)
}
