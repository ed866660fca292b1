import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { toAppError } from "../../errors.ts"
import type { FileStore } from "../../files/fileStore.ts"
import type { DiscordRest } from "../../vendors/discord/discordRest.ts"
import { ticketRef } from "../ticketRef.ts"
import { type Copied, copyAttachment } from "./copyAttachment.ts"

/** Copied at once; the rest follows. */
const most = 20
/** Should whoever copies die, it is tried again after this many minutes. */
const lease = 5
/** Minutes before it is tried again. */
const backoff = [1, 5, 30, 120, 360, 720, 1440]

const waiting = z.object({
  id: z.string(),
  url: z.nullable(z.string()),
  content_type: z.string(),
  external_id: z.string(),
  message_external_id: z.nullable(z.string()),
  channel_id: z.nullable(z.string()),
  attempts: z.number(),
})

/**
 * Copies a ticket's attachments to where files are kept, because links of Discord expire. What does not work is tried again
 * over some two days; then staff see that it failed.
 */
export async function storeAttachments(
  ctx: Context<{ discord: DiscordRest; files: FileStore }, "tickets">,
  { ticketId }: { ticketId: string },
): Promise<{ stored: number }> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const { rows } = await ctx.db.execute(sql`
    update ticket_attachments a set attempts = a.attempts + 1, next_attempt_at = ${now} + make_interval(mins => ${lease}::integer)
    from ticket_messages m, tickets t
    where m.id = a.message_id and t.id = a.ticket_id and a.id in (
      select id from ticket_attachments where ticket_id = ${ticketId} and status = 'waiting' and next_attempt_at <= ${now}
      order by next_attempt_at, id limit ${most} for update skip locked)
    returning a.id, a.url, a.content_type, a.external_id, a.attempts, m.external_id as message_external_id,
      case when m.internal then t.staff_thread_id else t.channel_id end as channel_id`)
  let stored = 0
  for (const row of rows.map((each) => waiting.parse(each))) {
    const key = `tickets/${ticketId}/${row.id}`
    const copied = await copyAttachment(ctx, {
      key,
      url: row.url,
      contentType: row.content_type,
      externalId: row.external_id,
      messageId: row.message_external_id,
      channelId: row.channel_id,
    }).catch((thrown: unknown): Copied => ({ status: "failed", error: toAppError(thrown).message }))
    if (copied.status === "stored") stored++
    await ctx.db.execute(settled(ctx, { id: row.id, key, attempts: row.attempts, copied }))
  }
  if (rows.length === most) await ctx.queues.tickets.send({ ids: [ticketRef("files", ticketId)] })
  return { stored }
}

function settled(
  ctx: Context,
  { id, key, attempts, copied }: { id: string; key: string; attempts: number; copied: Copied },
) {
  const ours = sql`id = ${id} and status = 'waiting'`
  if (copied.status === "stored")
    return sql`update ticket_attachments set status = 'stored', key = ${key}, size = ${copied.size}, url = null, error = null, next_attempt_at = null where ${ours}`
  const wait = copied.status === "failed" ? backoff[attempts - 1] : undefined
  if (copied.status === "failed" && wait !== undefined) {
    const next = new Date(ctx.now().getTime() + wait * 60_000).toISOString()
    return sql`update ticket_attachments set error = ${copied.error.slice(0, 500)}, next_attempt_at = ${next} where ${ours}`
  }
  const error = copied.status === "failed" ? copied.error.slice(0, 500) : null
  return sql`update ticket_attachments set status = ${copied.status}, error = ${error}, next_attempt_at = null where ${ours}`
}
