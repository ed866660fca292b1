import { ChannelType } from "discord-api-types/v10"
import { DiscordError } from "../discordError.ts"
import { blankChannel } from "../model/defaultGuild.ts"
import type { Channel } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"

/** The bot's conversation with a person, begun when there is none. */
export function directMessages(world: DiscordWorld, userId: string): Channel {
  const { channels } = world.store
  if (world.store.isBot(userId)) throw new DiscordError(400, 50007, "Cannot send messages to this user")
  const begun = [...channels.values()].find(({ guild, recipients }) => guild === null && recipients.includes(userId))
  if (begun) return begun
  const id = world.ids.next()
  const channel = { ...blankChannel({ id, name: "", guild: null }), type: ChannelType.DM, recipients: [userId] }
  channels.set(id, channel)
  world.touch()
  return channel
}

/** Throws 50007 where a person takes no messages of the bot: they block them, or share no guild with it any more. */
export function needReachable(world: DiscordWorld, channel: Channel): void {
  const [userId = ""] = channel.recipients
  if (world.user(userId).blocksDms || !world.store.members.has(userId))
    throw new DiscordError(403, 50007, "Cannot send messages to this user")
}
