import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { tickets } from "../../db/schema/support.ts"
import { AppError } from "../../errors.ts"
import type { TicketRow } from "../carryTicket.ts"

/** The ticket whose place, or whose staff thread, a channel is. Throws `not_found` for any other. */
export async function ticketOfChannel(ctx: Context, { channelId }: { channelId: string }): Promise<TicketRow> {
  const [ticket] = await ctx.db
    .select()
    .from(tickets)
    .where(sql`${tickets.channelId} = ${channelId} or ${tickets.staffThreadId} = ${channelId}`)
    .limit(1)
  if (!ticket) throw new AppError("not_found", "This channel is no ticket.")
  return ticket
}
