import { sql } from "drizzle-orm"
import { addThreadMember } from "../../vendors/discord/threads.ts"
import { unlessGone } from "../../vendors/discord/unlessGone.ts"
import type { TicketRow } from "../carryTicket.ts"
import type { TicketContext } from "../ticketContext.ts"

/**
 * Lets whoever answers a ticket into its threads, where it is one: without Manage Threads only those see a private thread
 * who are in it. Channels let in all staff by themselves. Who is not in the server (any more) is let into nothing.
 */
export async function letClaimerIn(
  ctx: TicketContext,
  { placeKind, channelId, staffThreadId, claimedBy }: TicketRow,
): Promise<void> {
  if (placeKind !== "thread" || !claimedBy) return
  const userId = /^discord:(\d+)$/.exec(claimedBy)?.[1] ?? (await discordUserOf(ctx, claimedBy))
  if (!userId) return
  const threads = [channelId, staffThreadId].flatMap((threadId) => threadId ?? [])
  for (const threadId of threads)
    await unlessGone(addThreadMember(ctx.vendors.discord, { threadId, userId }), () => true)
}

/** Who the staff account of an actor is in Discord, where it says so. */
async function discordUserOf(ctx: TicketContext, actor: string): Promise<string | null> {
  const found = await ctx.db.execute<{ discord_user_id: string | null }>(
    sql`select discord_user_id from staff where 'staff:' || id::text = ${actor}`,
  )
  return found.rows[0]?.discord_user_id ?? null
}
