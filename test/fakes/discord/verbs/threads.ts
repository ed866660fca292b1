import { AuditLogEvent, ChannelType, MessageType, PermissionFlagsBits } from "discord-api-types/v10"
import { DiscordError, missingPermissions } from "../discordError.ts"
import { discordIdentity } from "../identity.ts"
import { blankChannel } from "../model/defaultGuild.ts"
import type { Channel, ThreadState } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import { audit } from "./audit.ts"
import type { ChannelChange } from "./channelInput.ts"
import { may, permit } from "./permit.ts"
import { postMessage } from "./postMessage.ts"

const { botId } = discordIdentity
const { CreatePrivateThreads, CreatePublicThreads, ManageThreads, SendMessagesInThreads } = PermissionFlagsBits
const mostMembers = 1000
const mostActive = 1000

export interface ThreadInput {
  name: string
  type?: number | null | undefined
  auto_archive_duration?: number | null | undefined
  invitable?: boolean | null | undefined
  rate_limit_per_user?: number | null | undefined
}

/** The bot, or somebody else, begins a thread; of whichever kind is asked for, private when none is. */
export function createThread(
  world: DiscordWorld,
  parent: Channel,
  input: ThreadInput,
  reason: string | null,
  by: string = botId,
): Channel {
  if (parent.type !== ChannelType.GuildText)
    throw new DiscordError(400, 50024, "Cannot execute action on this channel type")
  const type = input.type ?? ChannelType.PrivateThread
  permit(world, by, parent, type === ChannelType.PrivateThread ? CreatePrivateThreads : CreatePublicThreads)
  const active = [...world.store.channels.values()].filter(({ thread }) => thread && !thread.archived).length
  if (active >= mostActive) throw new DiscordError(400, 160_006, "Maximum number of active threads reached")
  const id = world.ids.next()
  const now = world.stamp()
  const thread: Channel = {
    ...blankChannel({ id, name: input.name, guild: parent.guild }),
    type,
    parent_id: parent.id,
    rate_limit_per_user: input.rate_limit_per_user ?? 0,
    thread: {
      owner: by,
      members: [{ user: by, joined_at: now }],
      archived: false,
      archived_at: now,
      locked: false,
      invitable: input.invitable ?? true,
      auto_archive_duration: input.auto_archive_duration ?? 4320,
      created_at: now,
      messages: 0,
    },
  }
  world.store.channels.set(id, thread)
  audit(world, AuditLogEvent.ThreadCreate, id, reason)
  world.touch()
  return thread
}

/** The state of a thread; throws for other channels. */
export function threadOf(channel: Channel): ThreadState {
  if (!channel.thread) throw new DiscordError(400, 50024, "Cannot execute action on this channel type")
  return channel.thread
}

/** The bot archives, locks, renames a thread, or wakes it. */
export function modifyThread(
  world: DiscordWorld,
  channel: Channel,
  change: ChannelChange,
  reason: string | null,
): Channel {
  const thread = threadOf(channel)
  const { archived, locked } = change
  permit(world, botId, channel)
  const moderates = may(world, botId, channel, ManageThreads)
  const onlyWakes = archived === false && Object.keys(change).length === 1
  if (!moderates && (locked !== undefined || (thread.owner !== botId && !onlyWakes) || (thread.locked && !moderates)))
    throw missingPermissions()
  if (thread.archived && archived !== false) throw new DiscordError(400, 50083, "Thread is archived")
  if (archived !== undefined && archived !== thread.archived)
    Object.assign(thread, { archived, archived_at: world.stamp() })
  thread.locked = locked ?? thread.locked
  thread.invitable = change.invitable ?? thread.invitable
  thread.auto_archive_duration = change.auto_archive_duration ?? thread.auto_archive_duration
  channel.name = change.name ?? channel.name
  channel.rate_limit_per_user = change.rate_limit_per_user ?? channel.rate_limit_per_user
  audit(world, AuditLogEvent.ThreadUpdate, channel.id, reason)
  world.touch()
  return channel
}

/** The bot takes somebody into a thread, which everybody in it is told. */
export function addThreadMember(world: DiscordWorld, channel: Channel, userId: string): void {
  const thread = threadOf(channel)
  permit(world, botId, channel, SendMessagesInThreads)
  if (thread.archived) throw new DiscordError(400, 50083, "Thread is archived")
  world.member(userId)
  if (!thread.invitable && thread.owner !== botId && !may(world, botId, channel, ManageThreads))
    throw missingPermissions()
  if (thread.members.some(({ user }) => user === userId)) return
  if (thread.members.length >= mostMembers)
    throw new DiscordError(400, 30033, `Maximum number of thread participants reached (${mostMembers})`)
  thread.members.push({ user: userId, joined_at: world.stamp() })
  const told = { content: `<@${userId}>`, allowed_mentions: { parse: [] } }
  postMessage(world, { channel, author: botId, input: told, type: MessageType.RecipientAdd })
}

export function removeThreadMember(world: DiscordWorld, channel: Channel, userId: string): void {
  const thread = threadOf(channel)
  permit(world, botId, channel)
  if (thread.archived) throw new DiscordError(400, 50083, "Thread is archived")
  if (thread.owner !== botId && !may(world, botId, channel, ManageThreads)) throw missingPermissions()
  thread.members = thread.members.filter(({ user }) => user !== userId)
  world.touch()
}
