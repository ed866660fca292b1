import { sql } from "drizzle-orm"
import { deleteChannel } from "../../vendors/discord/channels.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"
import { captureTicket } from "../capture/captureTicket.ts"
import { storeAttachments } from "../capture/storeAttachments.ts"
import type { TicketRow } from "../carryTicket.ts"
import type { TicketContext } from "../ticketContext.ts"

/** Files that wait are looked for again after this many minutes, or when they are due. */
const lookAgainMinutes = 2

/** What staff said after closing is kept too; then the channel or threads go, with the last file that is copied or given up. */
export async function removePlace(ctx: TicketContext, ticket: TicketRow): Promise<void> {
  const { discord } = ctx.vendors
  const reason = "The ticket is closed"
  if (ticket.channelId) {
    try {
      await captureTicket(ctx, { id: ticket.id, final: true })
      await storeAttachments(ctx, { ticketId: ticket.id })
    } catch (thrown) {
      // Missing access: what is there cannot be read, nor is it ours to delete.
      if (!(thrown instanceof DiscordError && thrown.discordCode === 50001)) throw thrown
    }
    if (await putOff(ctx, ticket)) return
    if (ticket.placeKind === "thread" && ticket.staffThreadId)
      await deleteChannel(discord, { channelId: ticket.staffThreadId, reason })
    await deleteChannel(discord, { channelId: ticket.channelId, reason })
  }
  await ctx.db.execute(sql`
    update tickets set channel_id = null, staff_thread_id = null, control_message_id = null, remove_place_at = null,
      captured_to = null, tend_at = null, error = null, version = version + 1
    where id = ${ticket.id} and status = 'closed' and channel_id is not distinct from ${ticket.channelId}`)
}

/** Whether files are still to be copied: their links end with their messages. */
async function putOff(ctx: TicketContext, { id }: TicketRow): Promise<boolean> {
  const soon = sql`${new Date(ctx.now().getTime() + lookAgainMinutes * 60_000).toISOString()}::timestamptz`
  const waiting = await ctx.db.execute(sql`
    update tickets set tend_at = greatest(f.due, ${soon}), error = null
    from (select min(next_attempt_at) as due from ticket_attachments where ticket_id = ${id} and status = 'waiting') as f
    where tickets.id = ${id} and f.due is not null`)
  return waiting.rowCount > 0
}
