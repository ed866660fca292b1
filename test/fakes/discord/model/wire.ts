import type { Component } from "./component.ts"

export interface User {
  id: string
  username: string
  global_name: string | null
  bot: boolean
  /** Takes no direct messages from those who are no friends. */
  blocksDms: boolean
}

export interface Role {
  id: string
  name: string
  color: number
  hoist: boolean
  position: number
  /** A bit field as a decimal number. */
  permissions: string
  managed: boolean
  mentionable: boolean
}

export interface Member {
  user: string
  nick: string | null
  roles: string[]
  joined_at: string
}

export interface Overwrite {
  id: string
  /** 0 for a role, 1 for a member. */
  type: 0 | 1
  allow: string
  deny: string
}

export interface ThreadState {
  owner: string
  members: { user: string; joined_at: string }[]
  archived: boolean
  archived_at: string
  locked: boolean
  invitable: boolean
  auto_archive_duration: number
  created_at: string
  messages: number
}

export interface Channel {
  id: string
  type: number
  /** Null for direct messages. */
  guild: string | null
  name: string
  topic: string | null
  position: number
  parent_id: string | null
  permission_overwrites: Overwrite[]
  nsfw: boolean
  rate_limit_per_user: number
  last_message_id: string | null
  thread: ThreadState | null
  /** Of direct messages: whom the bot talks to. */
  recipients: string[]
}

export interface Attachment {
  id: string
  channel: string
  filename: string
  title?: string
  description?: string
  content_type: string
  size: number
  ephemeral: boolean
}

export interface Message {
  id: string
  channel_id: string
  type: number
  author: string
  content: string
  timestamp: string
  edited_timestamp: string | null
  flags: number
  tts: boolean
  pinned: boolean
  embeds: Record<string, unknown>[]
  components: Component[]
  attachments: string[]
  mentions: string[]
  mention_roles: string[]
  mention_everyone: boolean
  nonce?: string | number
  /** The message that this one replies to. */
  reply_to?: string
  /** Whoever alone sees it. */
  ephemeral_for?: string
  /** The interaction that it answers. */
  interaction?: string
}

export interface AuditEntry {
  id: string
  action_type: number
  user_id: string
  target_id: string
  reason: string | null
}

export interface Command {
  id: string
  application_id: string
  guild_id?: string
  version: string
  type: number
  name: string
  description: string
  options: CommandOption[]
  default_member_permissions: string | null
}

export interface CommandOption {
  type: number
  name: string
  description: string
  required?: boolean
  autocomplete?: boolean
  choices?: { name: string; value: string | number }[]
  options?: CommandOption[]
  min_value?: number
  max_value?: number
  min_length?: number
  max_length?: number
}
