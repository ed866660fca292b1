import { MessageFlags } from "discord-api-types/v10"
import type { FileUpload } from "../cdn.ts"
import { unknown } from "../discordError.ts"
import { discordIdentity } from "../identity.ts"
import type { Message } from "../model/wire.ts"
import { changeMessage } from "../verbs/changeMessage.ts"
import type { MessageInput } from "../verbs/messageInput.ts"
import { postMessage } from "../verbs/postMessage.ts"
import type { DiscordWorld } from "../world.ts"
import type { Interaction } from "./interaction.ts"

/** Milliseconds that an interaction's token is good for. */
export const tokenLife = 15 * 60_000

/** A further message of an answer; after a deferral the first one takes the place of what was deferred. */
export function followUp(
  world: DiscordWorld,
  interaction: Interaction,
  input: MessageInput,
  files: readonly FileUpload[],
): Message {
  if (interaction.deferred) return fillOriginal(world, interaction, input, files)
  const hidden = ((input.flags ?? 0) & MessageFlags.Ephemeral) !== 0
  return postMessage(world, {
    channel: world.channel(interaction.channel),
    author: discordIdentity.botId,
    input,
    files,
    ephemeralFor: hidden ? interaction.user : undefined,
    interaction: interaction.id,
  })
}

/** What was deferred gets its content; who sees it was decided with the deferral. */
export function fillOriginal(
  world: DiscordWorld,
  interaction: Interaction,
  input: MessageInput,
  files: readonly FileUpload[],
): Message {
  const message = world.store.messages.get(interaction.original ?? "")
  if (!message) throw unknown.message()
  const filled = changeMessage(world, message, { input, files, silent: true })
  filled.flags &= ~MessageFlags.Loading
  interaction.deferred = false
  return filled
}
