import type { Channel } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"

/** Removes a channel with its threads and messages; channels of a removed category stay, without one. */
export function removeChannel(world: DiscordWorld, channel: Channel): void {
  for (const child of [...world.store.channels.values()].filter(({ parent_id }) => parent_id === channel.id)) {
    if (child.thread) removeChannel(world, child)
    else child.parent_id = null
  }
  for (const message of world.store.conversation(channel.id))
    for (const id of message.attachments) {
      world.cdn.drop(id)
      world.store.attachments.delete(id)
    }
  world.store.dropChannel(channel.id)
  world.touch()
}
