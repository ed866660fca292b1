import { MessageFlags, MessageType } from "discord-api-types/v10"
import type { FileUpload } from "../cdn.ts"
import type { Channel, Message } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import { checkMessage } from "./checkMessage.ts"
import { keepFiles } from "./keepFiles.ts"
import { keptEmbeds } from "./keptEmbeds.ts"
import { mentionsOf } from "./mentions.ts"
import type { MessageInput } from "./messageInput.ts"
import { numbered } from "./numbered.ts"

export interface Posting {
  channel: Channel
  author: string
  input: MessageInput
  files?: readonly FileUpload[]
  /** Ids of files uploaded before. */
  attachments?: string[]
  ephemeralFor?: string | undefined
  interaction?: string
  type?: number | undefined
  /** Whether it may be empty, as what the guild itself tells. */
  mayBeEmpty?: boolean
}

/** Puts a message into a channel, permissions aside. */
export function postMessage(world: DiscordWorld, posting: Posting): Message {
  const { channel, author, input, files = [], ephemeralFor, interaction } = posting
  const content = input.content ?? ""
  const components = numbered(input.components ?? [])
  const embeds = keptEmbeds(input.embeds ?? [])
  const kept = MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsComponentsV2
  const flags = ((input.flags ?? 0) & kept) | (ephemeralFor ? MessageFlags.Ephemeral : 0)
  const uploaded = files.length + (posting.attachments?.length ?? 0)
  if (!posting.mayBeEmpty) checkMessage({ content, components, embeds, flags, attachments: uploaded })
  const attachments = keepFiles(world, {
    channel,
    files,
    described: input.attachments,
    ephemeral: Boolean(ephemeralFor),
  })
  const repliedTo = world.store.messages.get(input.message_reference?.message_id ?? "")
  const message: Message = {
    id: world.ids.next(),
    channel_id: channel.id,
    type: posting.type ?? (repliedTo ? MessageType.Reply : MessageType.Default),
    author,
    content,
    timestamp: world.stamp(),
    edited_timestamp: null,
    flags,
    tts: false,
    pinned: false,
    embeds,
    components,
    attachments: [...(posting.attachments ?? []), ...attachments],
    ...mentionsOf(world, { channel, author, content, components }, input.allowed_mentions, repliedTo?.author),
    ...(input.nonce !== undefined && input.nonce !== null && { nonce: input.nonce }),
    ...(repliedTo && { reply_to: repliedTo.id }),
    ...(ephemeralFor && { ephemeral_for: ephemeralFor }),
    ...(interaction && { interaction }),
  }
  world.store.keepMessage(message)
  if (!ephemeralFor) channel.last_message_id = message.id
  if (channel.thread) channel.thread.messages++
  world.touch()
  return message
}
