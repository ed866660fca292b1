import { PermissionFlagsBits } from "discord-api-types/v10"
import { discordIdentity } from "../identity.ts"
import { guildPermissions } from "../model/permissions.ts"
import type { Channel, Message } from "../model/wire.ts"
import { showChannel } from "../present/showChannel.ts"
import { showMessage } from "../present/showMessage.ts"
import { showMember, showUser } from "../present/showUser.ts"
import { largestFile } from "../verbs/keepFiles.ts"
import type { DiscordWorld } from "../world.ts"
import type { Interaction } from "./interaction.ts"

export interface Draft {
  type: Interaction["type"]
  user: string
  channel: Channel
  /** Whose component was used. */
  message?: Message | undefined
  data: Record<string, unknown>
  /** What the person did, in words. */
  label: string
}

/** What Discord tells an application of an interaction. */
export function payload(world: DiscordWorld, draft: Draft, known: { id: string; token: string }) {
  const { store } = world
  const { user, channel, message } = draft
  const inGuild = channel.guild !== null
  const permissions = (id: string) => String(world.permissions(id, channel))
  const who = inGuild
    ? {
        guild_id: store.guild.id,
        guild: { id: store.guild.id, locale: "en-US", features: [] },
        guild_locale: "en-US",
        member: { ...showMember(world.member(user), world.user(user)), permissions: permissions(user) },
      }
    : { user: showUser(world.user(user)) }
  return {
    ...known,
    application_id: discordIdentity.applicationId,
    type: draft.type,
    data: draft.data,
    ...who,
    channel: { ...showChannel(store, channel), permissions: permissions(user) },
    channel_id: channel.id,
    ...(message && { message: showMessage(world, message, { whole: true }) }),
    version: 1,
    app_permissions: permissions(discordIdentity.botId),
    locale: "en-US",
    entitlements: [],
    authorizing_integration_owners: inGuild ? { "0": store.guild.id } : { "0": "0" },
    context: inGuild ? 0 : 1,
    attachment_size_limit: largestFile,
  }
}

/** People, roles and channels that values of an interaction name. */
export function resolved(world: DiscordWorld, ids: readonly string[]) {
  const { store } = world
  const users = ids.flatMap((id) => store.users.get(id) ?? [])
  const members = users.flatMap((user) => store.members.get(user.id) ?? [])
  const roles = ids.flatMap((id) => store.roles.get(id) ?? [])
  const channels = ids.flatMap((id) => store.channels.get(id) ?? [])
  const byId = <Item>(items: readonly Item[], id: (item: Item) => string, show: (item: Item) => unknown) =>
    Object.fromEntries(items.map((item) => [id(item), show(item)]))
  return {
    ...(users.length > 0 && { users: byId(users, ({ id }) => id, showUser) }),
    ...(members.length > 0 && {
      members: byId(
        members,
        ({ user }) => user,
        (member) => {
          const { user: _, ...shown } = showMember(member, world.user(member.user))
          return { ...shown, permissions: String(guildPermissions(store, member.user)) }
        },
      ),
    }),
    ...(roles.length > 0 && {
      roles: byId(
        roles,
        ({ id }) => id,
        (role) => role,
      ),
    }),
    ...(channels.length > 0 && {
      channels: byId(
        channels,
        ({ id }) => id,
        (channel) => ({ ...showChannel(store, channel), permissions: String(PermissionFlagsBits.ViewChannel) }),
      ),
    }),
  }
}
