import { ChannelType } from "discord-api-types/v10"
import type { Channel } from "../model/wire.ts"
import { createThread } from "../verbs/threads.ts"
import type { DiscordWorld } from "../world.ts"

/** A person begins a thread in a channel, for all who see it or as a private one. */
export function startThread(
  world: DiscordWorld,
  input: { as: string; channel: string; name: string; private?: boolean },
): Channel {
  const type = input.private ? ChannelType.PrivateThread : ChannelType.PublicThread
  return createThread(world, world.channel(input.channel), { name: input.name, type }, null, input.as)
}
