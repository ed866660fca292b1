import { sql } from "drizzle-orm"
import { tickets } from "../../db/schema/support.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { deleteChannel } from "../../vendors/discord/channels.ts"
import type { TicketContext } from "../ticketContext.ts"
import { ticketRef } from "../ticketRef.ts"
import { staffThread } from "./staffThread.ts"

/** The staff's thread of an open ticket that has lost it, made anew and written down once; null where it has no place at all. */
export async function staffThreadAnew(ctx: TicketContext, { id }: { id: string }): Promise<string | null> {
  const [[ticket], settingRows] = await ctx.db.batch([
    ctx.db.select().from(tickets).where(sql`${tickets.id} = ${id}`),
    selectSettings(ctx.db),
  ])
  if (!ticket?.channelId || !ticket.placeKind || ticket.status !== "open") return null
  if (ticket.staffThreadId) return ticket.staffThreadId
  const { number, channelId, placeKind: kind } = ticket
  const { support } = parseSettings(settingRows)
  const made = await staffThread(ctx, { number, place: { kind, channelId }, support, mayBeThere: true })
  const { rows } = await ctx.db.execute<{ kept: string }>(sql`
    update tickets set staff_thread_id = coalesce(staff_thread_id, ${made}) where id = ${id} returning staff_thread_id as kept`)
  const kept = rows[0]?.kept ?? null
  if (kept !== made) await deleteChannel(ctx.vendors.discord, { channelId: made, reason: "Made twice" })
  // Whoever answers the ticket sees it only from within.
  else if (kind === "thread") await ctx.queues.tickets.send({ ids: [ticketRef("show", id)] })
  return kept
}
