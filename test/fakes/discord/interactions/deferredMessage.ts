import { MessageFlags, MessageType } from "discord-api-types/v10"
import { discordIdentity } from "../identity.ts"
import type { Message } from "../model/wire.ts"
import { postMessage } from "../verbs/postMessage.ts"
import type { DiscordWorld } from "../world.ts"
import type { Interaction } from "./interaction.ts"

/** "Ops HQ is thinking ...", until the application edits it. */
export function deferredMessage(world: DiscordWorld, interaction: Interaction, ephemeral: boolean): Message {
  const message = postMessage(world, {
    channel: world.channel(interaction.channel),
    author: discordIdentity.botId,
    input: {},
    ephemeralFor: ephemeral ? interaction.user : undefined,
    interaction: interaction.id,
    ...(interaction.type === 2 && { type: MessageType.ChatInputCommand }),
    mayBeEmpty: true,
  })
  message.flags |= MessageFlags.Loading
  return message
}
