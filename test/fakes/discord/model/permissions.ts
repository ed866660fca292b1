import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10"
import type { Store } from "./store.ts"
import type { Channel, Overwrite } from "./wire.ts"

export const every: bigint = Object.values(PermissionFlagsBits).reduce((all, bit) => all | bit, 0n)

const has = (permissions: bigint, bit: bigint): boolean => (permissions & bit) === bit

/** What a member may do in the guild, before channels change it; nothing for those who are not in it. */
export function guildPermissions(store: Store, userId: string): bigint {
  const member = store.members.get(userId)
  if (!member) return 0n
  if (store.guild.owner_id === userId) return every
  const everyone = BigInt(store.roles.get(store.guild.id)?.permissions ?? 0)
  const permissions = member.roles.reduce((all, id) => all | BigInt(store.roles.get(id)?.permissions ?? 0), everyone)
  return has(permissions, PermissionFlagsBits.Administrator) ? every : permissions
}

/** What a member may do in a channel, as discord.com/developers/docs/topics/permissions computes it. */
export function channelPermissions(store: Store, userId: string, channel: Channel): bigint {
  if (channel.guild === null) return channel.recipients.includes(userId) || store.isBot(userId) ? dmPermissions : 0n
  if (channel.thread) return threadPermissions(store, userId, channel)
  const base = guildPermissions(store, userId)
  if (base === every) return every
  const overwrites = new Map(channel.permission_overwrites.map((overwrite) => [overwrite.id, overwrite]))
  const roles = (store.members.get(userId)?.roles ?? []).flatMap((id) => overwrites.get(id) ?? [])
  const everyone = overwrites.get(store.guild.id)
  const own = overwrites.get(userId)
  const permissions = [everyone ? [everyone] : [], roles, own ? [own] : []].reduce(apply, base)
  return implied(permissions)
}

const apply = (permissions: bigint, overwrites: Overwrite[]): bigint => {
  const deny = overwrites.reduce((all, each) => all | BigInt(each.deny), 0n)
  const allow = overwrites.reduce((all, each) => all | BigInt(each.allow), 0n)
  return (permissions & ~deny) | allow
}

/** Whoever cannot see a channel can do nothing in it; whoever cannot write can attach nothing. */
function implied(permissions: bigint): bigint {
  const { ViewChannel, SendMessages, MentionEveryone, AttachFiles, EmbedLinks, SendTTSMessages } = PermissionFlagsBits
  if (!has(permissions, ViewChannel)) return 0n
  if (has(permissions, SendMessages)) return permissions
  return permissions & ~(MentionEveryone | AttachFiles | EmbedLinks | SendTTSMessages)
}

/** A thread has no overwrites: its parent's count, and a private one is seen by its members and moderators. */
function threadPermissions(store: Store, userId: string, thread: Channel): bigint {
  const parent = store.channels.get(thread.parent_id ?? "")
  if (!parent) return 0n
  const permissions = channelPermissions(store, userId, parent)
  const inside = thread.thread?.members.some(({ user }) => user === userId)
  const seen =
    thread.type !== ChannelType.PrivateThread || inside || has(permissions, PermissionFlagsBits.ManageThreads)
  if (!seen) return 0n
  // https://discord.com/developers/docs/change-log of 2023-03-06: in a locked one only moderators write.
  if (thread.thread?.locked && !has(permissions, PermissionFlagsBits.ManageThreads)) return permissions & whileLocked
  const writes = has(permissions, PermissionFlagsBits.SendMessagesInThreads)
  return writes ? permissions | PermissionFlagsBits.SendMessages : permissions & ~PermissionFlagsBits.SendMessages
}

const { ViewChannel, SendMessages, ReadMessageHistory, AttachFiles, EmbedLinks, AddReactions, UseExternalEmojis } =
  PermissionFlagsBits
const whileLocked = ViewChannel | ReadMessageHistory | AddReactions | UseExternalEmojis
const dmPermissions = ViewChannel | SendMessages | ReadMessageHistory | AttachFiles | EmbedLinks | AddReactions
