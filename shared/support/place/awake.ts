import { modifyChannel } from "../../vendors/discord/channels.ts"
import { DiscordError } from "../../vendors/discord/discordError.ts"
import type { TicketContext } from "../ticketContext.ts"

const threadIsArchived = 50083

/** Does something in a thread; where Discord has archived it, as after a week of silence, wakes it for that. */
export async function awake<Result>(
  ctx: TicketContext,
  channelId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof DiscordError && thrown.discordCode === threadIsArchived)) throw thrown
    await modifyChannel(ctx.vendors.discord, { channelId, change: { archived: false } })
    return work()
  }
}
