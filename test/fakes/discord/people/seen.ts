import { PermissionFlagsBits } from "discord-api-types/v10"
import type { Channel, Message } from "../model/wire.ts"
import { may, permit } from "../verbs/permit.ts"
import type { DiscordWorld } from "../world.ts"
import { cannot } from "./cannot.ts"

/** Messages of a channel that a person sees, oldest first. */
export function seenMessages(world: DiscordWorld, as: string, channel: Channel): Message[] {
  const history = may(world, as, channel, PermissionFlagsBits.ReadMessageHistory)
  return world.store
    .conversation(channel.id)
    .filter(({ ephemeral_for }) => (ephemeral_for === undefined ? history : ephemeral_for === as))
}

/** Channels that a person sees. */
export const seenChannels = (world: DiscordWorld, as: string): Channel[] =>
  [...world.store.channels.values()].filter((channel) => may(world, as, channel, PermissionFlagsBits.ViewChannel))

/** A message with what a person may use of it. */
export function usable(world: DiscordWorld, input: { as: string; channel: string; message: string }) {
  const channel = world.channel(input.channel)
  permit(world, input.as, channel)
  if (channel.thread?.archived) throw cannot("The thread is archived: nothing in it can be used.")
  const message = seenMessages(world, input.as, channel).find(({ id }) => id === input.message)
  if (!message) throw cannot("They do not see such a message.")
  return { channel, message }
}
