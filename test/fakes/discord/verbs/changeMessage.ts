import { MessageFlags } from "discord-api-types/v10"
import type { FileUpload } from "../cdn.ts"
import type { Message } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import { checkMessage } from "./checkMessage.ts"
import { keepFiles } from "./keepFiles.ts"
import { keptEmbeds } from "./keptEmbeds.ts"
import { mentionsOf } from "./mentions.ts"
import type { MessageInput } from "./messageInput.ts"
import { numbered } from "./numbered.ts"

/** Changes what is given of a message; attachments not named again are dropped, when any are named. */
export function changeMessage(
  world: DiscordWorld,
  message: Message,
  change: { input: MessageInput; files?: readonly FileUpload[]; silent?: boolean },
): Message {
  const { input, files = [] } = change
  const channel = world.channel(message.channel_id)
  const content = input.content === undefined ? message.content : (input.content ?? "")
  const components = input.components === undefined ? message.components : numbered(input.components ?? [])
  const embeds = input.embeds === undefined ? message.embeds : keptEmbeds(input.embeds ?? [])
  const kept = input.attachments
    ? message.attachments.filter((id) => input.attachments?.some((named) => String(named.id) === id))
    : message.attachments
  const settable = MessageFlags.SuppressEmbeds | MessageFlags.IsComponentsV2
  const flags =
    typeof input.flags === "number"
      ? (message.flags & ~MessageFlags.SuppressEmbeds) | (input.flags & settable)
      : message.flags
  checkMessage({ content, components, embeds, flags, attachments: kept.length + files.length })
  const ephemeral = message.ephemeral_for !== undefined
  const added = keepFiles(world, { channel, files, described: input.attachments, ephemeral })
  const mentions = mentionsOf(world, { channel, author: message.author, content, components }, input.allowed_mentions)
  Object.assign(message, { content, components, embeds, flags, attachments: [...kept, ...added], ...mentions })
  if (!change.silent) message.edited_timestamp = world.stamp()
  world.touch()
  return message
}
