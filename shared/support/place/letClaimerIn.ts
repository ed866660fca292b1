import { addThreadMember } from "../../vendors/discord/threads.ts"
import { unlessGone } from "../../vendors/discord/unlessGone.ts"
import type { TicketRow } from "../carryTicket.ts"
import { discordUserOf } from "../members/discordUserOf.ts"
import type { TicketContext } from "../ticketContext.ts"
import { awake } from "./awake.ts"

/**
 * Lets whoever answers a ticket into its threads, where it is one: without Manage Threads only those see a private thread
 * who are in it. Channels let in all staff by themselves. Who is not in the server (any more) is let into nothing.
 */
export async function letClaimerIn(
  ctx: TicketContext,
  { placeKind, channelId, staffThreadId, claimedBy }: TicketRow,
): Promise<void> {
  if (placeKind !== "thread" || !claimedBy) return
  const userId = await discordUserOf(ctx, claimedBy)
  if (!userId) return
  const threads = [channelId, staffThreadId].flatMap((threadId) => threadId ?? [])
  for (const threadId of threads)
    await unlessGone(
      awake(ctx, threadId, () => addThreadMember(ctx.vendors.discord, { threadId, userId })),
      () => true,
    )
}
