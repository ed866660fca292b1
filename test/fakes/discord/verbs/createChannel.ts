import { AuditLogEvent, ChannelType, PermissionFlagsBits } from "discord-api-types/v10"
import { DiscordError, invalidForm } from "../discordError.ts"
import { discordIdentity } from "../identity.ts"
import { blankChannel } from "../model/defaultGuild.ts"
import type { Channel } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import { audit } from "./audit.ts"
import type { ChannelInput } from "./channelInput.ts"
import { channelName } from "./channelName.ts"
import { permitOverwrites, readOverwrite } from "./overwrites.ts"
import { permit, permitInGuild } from "./permit.ts"

const { botId } = discordIdentity
const { ManageChannels } = PermissionFlagsBits
const mostInGuild = 500
const mostInCategory = 50

/** The bot makes a channel of the guild; without overwrites of its own it takes those of its category. */
export function createChannel(world: DiscordWorld, input: ChannelInput, reason: string | null): Channel {
  const { store } = world
  const type = input.type ?? ChannelType.GuildText
  const parent = input.parent_id ? store.channels.get(input.parent_id) : undefined
  permitInGuild(world, botId, ManageChannels)
  if (guildChannels(world).length >= mostInGuild)
    throw new DiscordError(400, 30013, `Maximum number of guild channels reached (${mostInGuild})`)
  if (input.parent_id) checkParent(world, input.parent_id)
  if (parent) permit(world, botId, parent, ManageChannels)
  const overwrites = (input.permission_overwrites ?? []).map((each) => readOverwrite(world, each))
  permitOverwrites(world, { before: [], after: overwrites })
  const id = world.ids.next()
  const channel: Channel = {
    ...blankChannel({ id, name: channelName(input.name, type), guild: store.guild.id }),
    type,
    topic: input.topic ?? null,
    position: input.position ?? guildChannels(world).length,
    parent_id: parent?.id ?? null,
    permission_overwrites: input.permission_overwrites
      ? overwrites
      : structuredClone(parent?.permission_overwrites ?? []),
    nsfw: input.nsfw ?? false,
    rate_limit_per_user: input.rate_limit_per_user ?? 0,
  }
  store.channels.set(id, channel)
  audit(world, AuditLogEvent.ChannelCreate, id, reason)
  world.touch()
  return channel
}

/** Channels and categories; threads and direct messages do not count. */
export const guildChannels = (world: DiscordWorld): Channel[] =>
  [...world.store.channels.values()].filter(({ guild, thread }) => guild !== null && thread === null)

/** Throws where a channel cannot be put below: there is no such category, or it is full. */
export function checkParent(world: DiscordWorld, parentId: string): void {
  const parent = world.store.channels.get(parentId)
  if (parent?.type !== ChannelType.GuildCategory)
    throw invalidForm({
      path: ["parent_id"],
      code: parent ? "CHANNEL_PARENT_INVALID_TYPE" : "CHANNEL_PARENT_INVALID",
      message: parent ? "Not a category" : "Category does not exist",
    })
  if (guildChannels(world).filter(({ parent_id }) => parent_id === parentId).length >= mostInCategory)
    throw invalidForm({
      path: ["parent_id"],
      code: "CHANNEL_PARENT_MAX_CHANNELS",
      message: `Maximum number of channels in category reached (${mostInCategory})`,
    })
}
