import { ChannelType } from "discord-api-types/v10"
import { listActiveThreads } from "../../vendors/discord/activeThreads.ts"
import type { TicketContext } from "../ticketContext.ts"

/** A private thread of that name that the bot itself has made in the channel: what a thread is called is up to its maker. */
export async function findThread(
  ctx: TicketContext,
  { parentId, name, botUserId }: { parentId: string; name: string; botUserId: string },
): Promise<string | null> {
  const { discord } = ctx.vendors
  const threads = await listActiveThreads(discord, ctx.config)
  const found = threads.find(
    (each) =>
      each.parent_id === parentId &&
      each.name === name &&
      each.type === ChannelType.PrivateThread &&
      [discord.applicationId, botUserId].includes(each.owner_id ?? ""),
  )
  return found?.id ?? null
}
