import { ChannelType, PermissionFlagsBits } from "discord-api-types/v10"
import type { FileUpload } from "../cdn.ts"
import { DiscordError, invalidForm } from "../discordError.ts"
import { discordIdentity } from "../identity.ts"
import type { Channel, Message } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"
import { needReachable } from "./directMessages.ts"
import type { MessageInput } from "./messageInput.ts"
import { permit } from "./permit.ts"
import { postMessage } from "./postMessage.ts"
import { unarchive } from "./unarchive.ts"

const { botId } = discordIdentity
const { AttachFiles, EmbedLinks, ReadMessageHistory, SendMessages } = PermissionFlagsBits
/** Discord says "the past few minutes". */
const nonceMemory = 5 * 60_000

/** The bot writes into a channel; a nonce that it used lately gives the message that it made then. */
export function sendAsBot(
  world: DiscordWorld,
  channel: Channel,
  input: MessageInput,
  files: readonly FileUpload[],
): Message {
  if (channel.type === ChannelType.GuildCategory)
    throw new DiscordError(400, 50008, "Cannot send messages in a non-text channel")
  if (channel.guild === null) needReachable(world, channel)
  const needed = [
    SendMessages,
    ...(files.length > 0 ? [AttachFiles] : []),
    ...(input.embeds?.length ? [EmbedLinks] : []),
    ...(input.message_reference ? [ReadMessageHistory] : []),
  ]
  permit(world, botId, channel, ...needed)
  const sent = input.enforce_nonce ? sentBefore(world, channel, input.nonce) : undefined
  if (sent) return sent
  if (channel.thread?.archived) {
    if (channel.thread.locked) throw new DiscordError(400, 50083, "Thread is archived")
    unarchive(world, channel)
  }
  const referenced = input.message_reference?.message_id
  if (referenced && !world.store.messages.has(referenced) && (input.message_reference?.fail_if_not_exists ?? true))
    throw invalidForm({
      path: ["message_reference"],
      code: "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
      message: "Unknown message",
    })
  return postMessage(world, { channel, author: botId, input, files })
}

function sentBefore(world: DiscordWorld, channel: Channel, nonce: MessageInput["nonce"]): Message | undefined {
  if (nonce === undefined || nonce === null) return undefined
  const since = world.now().getTime() - nonceMemory
  return world.store
    .conversation(channel.id)
    .findLast(
      (message) => message.author === botId && message.nonce === nonce && Date.parse(message.timestamp) >= since,
    )
}
