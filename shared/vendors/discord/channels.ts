import type {
  APIChannel,
  APIDMChannel,
  OverwriteType,
  RESTPatchAPIChannelJSONBody,
  RESTPostAPIGuildChannelJSONBody,
} from "discord-api-types/v10"
import type { DiscordRest } from "./discordRest.ts"
import { discordPath } from "./discordRoute.ts"
import { objectOf } from "./readShape.ts"
import { deletedUnlessGone, unlessGone } from "./unlessGone.ts"

/** Not to be repeated: where no answer came, a channel may be there all the same. */
export async function createChannel(
  rest: DiscordRest,
  input: { guildId: string; channel: RESTPostAPIGuildChannelJSONBody; reason?: string },
): Promise<APIChannel> {
  const path = discordPath`/guilds/${input.guildId}/channels`
  const answer = await rest.request({ method: "POST", path, body: input.channel, reason: input.reason })
  return objectOf<APIChannel>(answer, "id")
}

/** Channel or thread; null where it has been deleted. */
export async function getChannel(rest: DiscordRest, input: { channelId: string }): Promise<APIChannel | null> {
  const path = discordPath`/channels/${input.channelId}`
  return unlessGone(rest.request({ method: "GET", path }), (answer) => objectOf<APIChannel>(answer, "id"))
}

/** Channel or thread. Discord lets name and topic each change twice in 10 minutes, and does not say so beforehand. */
export async function modifyChannel(
  rest: DiscordRest,
  input: { channelId: string; change: RESTPatchAPIChannelJSONBody; reason?: string },
): Promise<APIChannel> {
  const { change, reason } = input
  const path = discordPath`/channels/${input.channelId}`
  const limitedAs = (["name", "topic"] as const).filter((field) => change[field] !== undefined).join("+")
  const answer = await rest.request({ method: "PATCH", path, body: change, reason, limitedAs })
  return objectOf<APIChannel>(answer, "id")
}

/** Channel or thread. False: it was not there any more. */
export async function deleteChannel(
  rest: DiscordRest,
  input: { channelId: string; reason?: string },
): Promise<boolean> {
  const path = discordPath`/channels/${input.channelId}`
  return deletedUnlessGone(rest.request({ method: "DELETE", path, reason: input.reason }))
}

/** What a role (type 0) or member (type 1) may do in the channel, as the bits of permissions.ts. */
export async function setOverwrite(
  rest: DiscordRest,
  input: { channelId: string; id: string; type: OverwriteType; allow: bigint; deny: bigint; reason?: string },
): Promise<void> {
  const { type, allow, deny, reason } = input
  const path = discordPath`/channels/${input.channelId}/permissions/${input.id}`
  const body = { type, allow: String(allow), deny: String(deny) }
  await rest.request({ method: "PUT", path, body, reason })
}

/** Also where there is none. */
export async function removeOverwrite(
  rest: DiscordRest,
  input: { channelId: string; id: string; reason?: string },
): Promise<void> {
  const path = discordPath`/channels/${input.channelId}/permissions/${input.id}`
  await deletedUnlessGone(rest.request({ method: "DELETE", path, reason: input.reason }))
}

/** The direct messages with a user; the same channel each time. That it opens does not say that they let anything in. */
export async function openDm(rest: DiscordRest, input: { userId: string }): Promise<APIDMChannel> {
  const body = { recipient_id: input.userId }
  const answer = await rest.request({ method: "POST", path: "/users/@me/channels", body, repeatable: true })
  return objectOf<APIDMChannel>(answer, "id")
}
