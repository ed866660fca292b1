import { ChannelType } from "discord-api-types/v10"
import type { Store } from "../model/store.ts"
import type { Channel, ThreadState } from "../model/wire.ts"
import { showUser } from "./showUser.ts"

export function showChannel(store: Store, channel: Channel): Record<string, unknown> {
  const { id, type, name, last_message_id } = channel
  if (channel.guild === null) {
    const recipients = channel.recipients.flatMap((user) => store.users.get(user) ?? []).map(showUser)
    return { id, type, last_message_id, flags: 0, recipients }
  }
  const shared = { id, type, name, guild_id: channel.guild, parent_id: channel.parent_id, flags: 0 }
  if (channel.thread) return { ...shared, ...showThread(channel, channel.thread) }
  const { position, permission_overwrites, nsfw, topic, rate_limit_per_user } = channel
  const placed = { ...shared, position, permission_overwrites, nsfw }
  if (type === ChannelType.GuildCategory) return placed
  return { ...placed, topic, rate_limit_per_user, last_message_id }
}

const showThread = ({ last_message_id, rate_limit_per_user }: Channel, thread: ThreadState) => ({
  owner_id: thread.owner,
  last_message_id,
  rate_limit_per_user,
  message_count: thread.messages,
  total_message_sent: thread.messages,
  member_count: thread.members.length,
  thread_metadata: {
    archived: thread.archived,
    archive_timestamp: thread.archived_at,
    auto_archive_duration: thread.auto_archive_duration,
    locked: thread.locked,
    invitable: thread.invitable,
    create_timestamp: thread.created_at,
  },
})

export const showThreadMember = (thread: Channel, member: ThreadState["members"][number]) => ({
  id: thread.id,
  user_id: member.user,
  join_timestamp: member.joined_at,
  flags: 0,
})
