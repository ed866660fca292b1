import { AuditLogEvent, PermissionFlagsBits } from "discord-api-types/v10"
import { Hono } from "hono"
import { unknown } from "../../discordError.ts"
import { discordIdentity } from "../../identity.ts"
import { showChannel } from "../../present/showChannel.ts"
import { audit } from "../../verbs/audit.ts"
import { channelChange, channelInput, overwriteInput } from "../../verbs/channelInput.ts"
import { channelName } from "../../verbs/channelName.ts"
import { createChannel, guildChannels } from "../../verbs/createChannel.ts"
import { modifyChannel } from "../../verbs/modifyChannel.ts"
import { permitOverwrites, readOverwrite, withOverwrite } from "../../verbs/overwrites.ts"
import { permit } from "../../verbs/permit.ts"
import { removeChannel } from "../../verbs/removeChannel.ts"
import { modifyThread } from "../../verbs/threads.ts"
import { type DiscordApiParts, type DiscordEnv, endpoint, noBody } from "../endpoint.ts"
import { RateLimited } from "../rateLimited.ts"
import { needGuild } from "./guilds.ts"

const { botId } = discordIdentity
const { ManageChannels, ManageRoles, ManageThreads } = PermissionFlagsBits

export function channelRoutes(parts: DiscordApiParts) {
  const { world, limits } = parts
  const { store } = world
  const routes = new Hono<DiscordEnv>()

  routes.get(
    "/guilds/:guild/channels",
    endpoint(parts, noBody, ({ id }) => {
      needGuild(world, id("guild"))
      return guildChannels(world).map((channel) => showChannel(store, channel))
    }),
  )
  routes.post(
    "/guilds/:guild/channels",
    endpoint(
      parts,
      channelInput,
      ({ id, input, reason }) => {
        needGuild(world, id("guild"))
        return showChannel(store, createChannel(world, input, reason))
      },
      201,
    ),
  )
  routes.get(
    "/channels/:channel",
    endpoint(parts, noBody, ({ id }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel)
      return showChannel(store, channel)
    }),
  )
  routes.patch(
    "/channels/:channel",
    endpoint(parts, channelChange, ({ id, input, reason }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel)
      if (channel.thread) return showChannel(store, modifyThread(world, channel, input, reason))
      const renamed = input.name !== undefined && channelName(input.name, channel.type) !== channel.name
      const fields = [...(renamed ? ["name" as const] : []), ...(input.topic === undefined ? [] : ["topic" as const])]
      for (const field of fields) {
        const limited = limits.takeHidden(channel.id, field)
        if (limited) throw new RateLimited(limited)
      }
      return showChannel(store, modifyChannel(world, channel, input, reason))
    }),
  )
  routes.delete(
    "/channels/:channel",
    endpoint(parts, noBody, ({ id, reason }) => {
      const channel = world.channel(id("channel"))
      if (channel.guild === null) return showChannel(store, channel)
      permit(world, botId, channel, channel.thread ? ManageThreads : ManageChannels)
      const shown = showChannel(store, channel)
      removeChannel(world, channel)
      audit(world, channel.thread ? AuditLogEvent.ThreadDelete : AuditLogEvent.ChannelDelete, channel.id, reason)
      return shown
    }),
  )
  routes.put(
    "/channels/:channel/permissions/:overwrite",
    endpoint(parts, overwriteInput, ({ id, input, reason }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel, ManageRoles)
      const set = readOverwrite(world, { ...input, id: id("overwrite") })
      const { permission_overwrites: before } = channel
      const after = withOverwrite(before, set)
      const parent = store.channels.get(channel.parent_id ?? "")
      permitOverwrites(world, { before, after, parent, channel })
      channel.permission_overwrites = after
      const known = before.some((each) => each.id === set.id)
      const action = known ? AuditLogEvent.ChannelOverwriteUpdate : AuditLogEvent.ChannelOverwriteCreate
      audit(world, action, channel.id, reason)
      world.touch()
    }),
  )
  routes.delete(
    "/channels/:channel/permissions/:overwrite",
    endpoint(parts, noBody, ({ id, reason }) => {
      const channel = world.channel(id("channel"))
      permit(world, botId, channel, ManageRoles)
      if (!channel.permission_overwrites.some((each) => each.id === id("overwrite"))) throw unknown.overwrite()
      channel.permission_overwrites = channel.permission_overwrites.filter((each) => each.id !== id("overwrite"))
      audit(world, AuditLogEvent.ChannelOverwriteDelete, channel.id, reason)
      world.touch()
    }),
  )
  return routes
}
