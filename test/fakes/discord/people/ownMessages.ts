import { PermissionFlagsBits } from "discord-api-types/v10"
import type { Message } from "../model/wire.ts"
import { changeMessage } from "../verbs/changeMessage.ts"
import { may, permit } from "../verbs/permit.ts"
import { removeMessage } from "../verbs/removeMessage.ts"
import type { DiscordWorld } from "../world.ts"
import { cannot } from "./cannot.ts"

/** A person edits what they wrote. */
export function editOwn(
  world: DiscordWorld,
  input: { as: string; channel: string; message: string; content: string },
): Message {
  const message = world.message(input.channel, input.message)
  permit(world, input.as, world.channel(input.channel))
  if (message.author !== input.as) throw cannot("Only its author edits a message.")
  return changeMessage(world, message, { input: { content: input.content } })
}

/** A person deletes a message of their own, a moderator anyone's; ephemeral ones are dismissed. */
export function deleteAs(world: DiscordWorld, input: { as: string; channel: string; message: string }): void {
  const message = world.message(input.channel, input.message)
  const channel = world.channel(input.channel)
  permit(world, input.as, channel)
  const own = message.author === input.as || message.ephemeral_for === input.as
  if (!own && !may(world, input.as, channel, PermissionFlagsBits.ManageMessages))
    throw cannot("Only its author or a moderator deletes a message.")
  removeMessage(world, message)
}
