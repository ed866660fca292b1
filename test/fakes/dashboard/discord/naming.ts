import type { Channel } from "../../discord/model/wire.ts"
import type { DiscordWorld } from "../../discord/world.ts"

export function nameOf(world: DiscordWorld, userId: string): string {
  const user = world.store.users.get(userId)
  return world.store.members.get(userId)?.nick ?? user?.global_name ?? user?.username ?? "Somebody who is gone"
}

export function channelLabel(world: DiscordWorld, channel: Channel): string {
  if (channel.guild === null) return channel.recipients.map((id) => nameOf(world, id)).join(", ")
  return channel.thread ? `🧵 ${channel.name}` : `#${channel.name}`
}

/** Text as it is read: with names for the ids that it mentions. */
export const readable = (world: DiscordWorld, text: string): string =>
  text
    .replace(/<@!?(\d+)>/g, (_, id: string) => `@${nameOf(world, id)}`)
    .replace(/<@&(\d+)>/g, (whole, id: string) => `@${world.store.roles.get(id)?.name ?? whole}`)
    .replace(/<#(\d+)>/g, (whole, id: string) => `#${world.store.channels.get(id)?.name ?? whole}`)
    .replace(/<t:(\d+)(?::(\w))?>/g, (_, seconds: string, style?: string) =>
      momentOf(world, Number(seconds) * 1000, style),
    )
    .replace(/\\([^\w\s])/g, "$1")

const day = 86_400_000
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" })

/** In the style "R" as long from now, in any other as it is. */
function momentOf(world: DiscordWorld, at: number, style: string | undefined): string {
  if (style !== "R") return new Date(at).toUTCString()
  const from = at - world.now().getTime()
  return Math.abs(from) < day
    ? relative.format(Math.round(from / 3_600_000), "hour")
    : relative.format(Math.round(from / day), "day")
}
