import type { Message } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"

/** Removes a message and what was attached to it; the files' links answer 404 from then on. */
export function removeMessage(world: DiscordWorld, message: Message): void {
  world.store.dropMessage(message)
  for (const id of message.attachments) {
    world.cdn.drop(id)
    world.store.attachments.delete(id)
  }
  world.touch()
}
