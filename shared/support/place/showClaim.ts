import { sql } from "drizzle-orm"
import { tickets } from "../../db/schema/support.ts"
import { toAppError } from "../../errors.ts"
import { editMessage } from "../../vendors/discord/messages.ts"
import type { TicketContext } from "../ticketContext.ts"
import { letClaimerIn } from "./letClaimerIn.ts"
import { ticketButtons } from "./ticketMessage.ts"

/** Has the first message show who answers the ticket, and lets them in. That it cannot be shown undoes nothing. */
export async function showClaim(ctx: TicketContext, { id }: { id: string }): Promise<void> {
  const [ticket] = await ctx.db.select().from(tickets).where(sql`${tickets.id} = ${id}`)
  if (!ticket?.channelId || !ticket.controlMessageId) return
  try {
    await letClaimerIn(ctx, ticket)
    await editMessage(ctx.vendors.discord, {
      channelId: ticket.channelId,
      messageId: ticket.controlMessageId,
      message: { components: ticketButtons(ticket) },
    })
  } catch (thrown) {
    ctx.log.warn("claim not shown", { ticket: id, error: toAppError(thrown).message })
  }
}
