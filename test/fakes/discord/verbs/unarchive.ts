import type { Channel } from "../model/wire.ts"
import type { DiscordWorld } from "../world.ts"

export function unarchive(world: DiscordWorld, thread: Channel): void {
  if (!thread.thread) return
  Object.assign(thread.thread, { archived: false, archived_at: world.stamp() })
  world.touch()
}
