import { notifyStaff } from "../../staff/notifyStaff.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import type { TicketRow } from "../carryTicket.ts"
import type { TicketContext } from "../ticketContext.ts"
import { discordUserOf } from "./discordUserOf.ts"

/**
 * Tells staff, and who has claimed the ticket by name: in the thread that only they see, else in the ticket's place, else in
 * the staff pages.
 */
export async function tellInTicket(
  ctx: TicketContext,
  ticket: Pick<TicketRow, "id" | "number" | "staffThreadId" | "channelId" | "claimedBy">,
  { nonce, content }: { nonce: string; content: string },
): Promise<void> {
  const claimer = await discordUserOf(ctx, ticket.claimedBy)
  const message = {
    content: claimer ? `<@${claimer}>, ${content}` : content,
    allowed_mentions: { parse: [], users: claimer ? [claimer] : [] },
  }
  for (const channelId of [ticket.staffThreadId, ticket.channelId]) {
    if (!channelId) continue
    try {
      await createMessage(ctx.vendors.discord, { channelId, nonce, message })
      return
    } catch (thrown) {
      if (!(thrown instanceof DiscordError)) throw thrown
      ctx.log.warn("staff not told in the ticket", { ticket: ticket.id, channelId, error: thrown.message })
    }
  }
  await ctx.db.execute(
    notifyStaff(ctx, { key: `${nonce}:${ticket.id}`, message: `Ticket #${ticket.number}: ${content}` }),
  )
}
