import { AuditLogEvent, ChannelType, PermissionFlagsBits } from "discord-api-types/v10"
import { DiscordError } from "../discordError.ts"
import { discordIdentity } from "../identity.ts"
import type { Channel } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import { audit } from "./audit.ts"
import type { ChannelChange } from "./channelInput.ts"
import { channelName } from "./channelName.ts"
import { checkParent } from "./createChannel.ts"
import { permitOverwrites, readOverwrite } from "./overwrites.ts"
import { permit } from "./permit.ts"

const { botId } = discordIdentity
const { ManageChannels, ManageRoles } = PermissionFlagsBits

/** The bot changes a channel of the guild. */
export function modifyChannel(
  world: DiscordWorld,
  channel: Channel,
  change: ChannelChange,
  reason: string | null,
): Channel {
  if (channel.type === ChannelType.DM) throw new DiscordError(403, 50003, "Cannot execute action on a DM channel")
  permit(world, botId, channel, ManageChannels)
  const { permission_overwrites: overwrites, parent_id } = change
  if (parent_id && parent_id !== channel.parent_id) checkParent(world, parent_id)
  if (overwrites) {
    permit(world, botId, channel, ManageRoles)
    const after = overwrites.map((each) => readOverwrite(world, each))
    const parent = world.store.channels.get(channel.parent_id ?? "")
    permitOverwrites(world, { before: channel.permission_overwrites, after, parent, channel })
    channel.permission_overwrites = after
  }
  if (change.name !== undefined) channel.name = channelName(change.name, channel.type)
  if (change.topic !== undefined) channel.topic = change.topic
  if (parent_id !== undefined) channel.parent_id = parent_id
  channel.position = change.position ?? channel.position
  channel.nsfw = change.nsfw ?? channel.nsfw
  channel.rate_limit_per_user = change.rate_limit_per_user ?? channel.rate_limit_per_user
  audit(world, AuditLogEvent.ChannelUpdate, channel.id, reason)
  world.touch()
  return channel
}
