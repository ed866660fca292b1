import { sql } from "drizzle-orm"
import { deleteChannel } from "../../vendors/discord/channels.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"
import { captureTicket } from "../capture/captureTicket.ts"
import { storeAttachments } from "../capture/storeAttachments.ts"
import type { TicketRow } from "../carryTicket.ts"
import type { TicketContext } from "../ticketContext.ts"
import { ticketRef } from "../ticketRef.ts"

/** Files that wait are looked for again after this many minutes, or when they are due. */
const lookAgainMinutes = 2
/** Longer than deleting takes, with every wait for Discord. */
const leaseMinutes = 2

/**
 * What staff said after closing is kept too; then the channel or threads go, with the last file that is copied or given up.
 * A ticket that is reopened before keeps its place; one that is reopened while that is deleted waits, and gets another.
 */
export async function removePlace(ctx: TicketContext, ticket: TicketRow): Promise<void> {
  const { discord } = ctx.vendors
  const reason = "The ticket is closed"
  let held: string | null = null
  if (ticket.channelId) {
    try {
      await captureTicket(ctx, { id: ticket.id, final: true })
      const { stored } = await storeAttachments(ctx, { ticketId: ticket.id })
      // More may have been said while they were copied.
      if (stored > 0) await captureTicket(ctx, { id: ticket.id, final: true })
    } catch (thrown) {
      // Missing access: what is there cannot be read, nor is it ours to delete.
      if (!(thrown instanceof DiscordError && thrown.discordCode === 50001)) throw thrown
    }
    if (await putOff(ctx, ticket)) return
    held = await hold(ctx, ticket)
    if (held === null) return
    if (ticket.placeKind === "thread" && ticket.staffThreadId)
      await deleteChannel(discord, { channelId: ticket.staffThreadId, reason })
    await deleteChannel(discord, { channelId: ticket.channelId, reason })
  }
  const removed = await ctx.db.execute<{ status: TicketRow["status"] }>(sql`
    update tickets set channel_id = null, staff_thread_id = null, control_message_id = null, remove_place_at = null,
      captured_to = null, tend_at = null, error = null, lease_until = null, version = version + 1
    where id = ${ticket.id} and (status = 'closed' or lease_until = ${held}::timestamptz)
      and channel_id is not distinct from ${ticket.channelId}
    returning status`)
  if (removed.rows[0]?.status === "opening") await ctx.queues.tickets.send({ ids: [ticketRef("ticket", ticket.id)] })
}

/** Has whoever opens it again wait, until when; null where it is open again, or somebody else deletes its place. */
async function hold(ctx: TicketContext, { id, channelId }: TicketRow): Promise<string | null> {
  const now = ctx.now()
  const until = new Date(now.getTime() + leaseMinutes * 60_000).toISOString()
  const held = await ctx.db.execute(sql`
    update tickets set lease_until = ${until}
    where id = ${id} and status = 'closed' and remove_place_at is not null and channel_id = ${channelId}
      and coalesce(lease_until, '-infinity') < ${now.toISOString()}::timestamptz`)
  return held.rowCount > 0 ? until : null
}

/** Whether files are still to be copied: their links end with their messages. */
async function putOff(ctx: TicketContext, { id }: TicketRow): Promise<boolean> {
  const soon = sql`${new Date(ctx.now().getTime() + lookAgainMinutes * 60_000).toISOString()}::timestamptz`
  const waiting = await ctx.db.execute(sql`
    update tickets set tend_at = greatest(f.due, ${soon}), error = null
    from (select min(next_attempt_at) as due from ticket_attachments where ticket_id = ${id} and status = 'waiting') as f
    where tickets.id = ${id} and tickets.status = 'closed' and f.due is not null`)
  return waiting.rowCount > 0
}
