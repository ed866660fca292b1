import { ChannelType } from "discord-api-types/v10"
import { defaultIds } from "../../discord/model/defaultGuild.ts"
import type { Channel, User } from "../../discord/model/wire.ts"
import { seenChannels } from "../../discord/people/seen.ts"
import type { DiscordWorld } from "../../discord/world.ts"

/** Whom the page is played as, and where they are. */
export interface Viewer {
  as: string
  user: User
  /** That they see. */
  channels: Channel[]
  /** That is open; none when they see none. */
  channel: Channel | undefined
  /** Only messages older than this one. */
  before: string | undefined
}

export function readViewer(world: DiscordWorld, query: Record<string, string>): Viewer {
  const { users } = world.store
  const known = users.get(query.as ?? "")
  const as = known && !known.bot ? known.id : defaultIds.users.ada
  const channels = seenChannels(world, as)
  const readable = channels.filter(({ type }) => type !== ChannelType.GuildCategory)
  const channel =
    readable.find(({ id }) => id === query.channel) ??
    readable.find(({ id }) => id === defaultIds.channels.support) ??
    readable[0]
  return { as, user: world.user(as), channels, channel, before: query.before }
}

/** The address of the page as somebody, in some channel. */
export const pageOf = (as: string, channel?: string, before?: string): string => {
  const query = new URLSearchParams({ as, ...(channel && { channel }), ...(before && { before }) })
  return `/discord?${query}`
}
