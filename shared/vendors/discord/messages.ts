import type {
  APIMessage,
  RESTPatchAPIChannelMessageJSONBody,
  RESTPostAPIChannelMessageJSONBody,
} from "discord-api-types/v10"
import { AppError } from "../../errors.ts"
import type { DiscordFile } from "./discordBody.ts"
import type { DiscordRest } from "./discordRest.ts"
import { discordPath } from "./discordRoute.ts"
import { listOf, objectOf } from "./readShape.ts"
import { deletedUnlessGone, unlessGone } from "./unlessGone.ts"

/**
 * Under the same `nonce` (up to 25 characters), for some minutes, Discord posts one message and answers with that.
 * Nobody is pinged unless `message` says so.
 */
export async function createMessage(
  rest: DiscordRest,
  input: {
    channelId: string
    nonce: string
    message: Omit<RESTPostAPIChannelMessageJSONBody, "nonce" | "enforce_nonce" | "attachments">
    files?: DiscordFile[]
  },
): Promise<APIMessage> {
  const { nonce, message, files } = input
  if (nonce === "" || nonce.length > 25)
    throw new AppError("bad_request", `"${nonce}" is no nonce: 1 to 25 characters.`)
  const answer = await rest.request({
    method: "POST",
    path: discordPath`/channels/${input.channelId}/messages`,
    body: { allowed_mentions: { parse: [] }, ...message, nonce, enforce_nonce: true },
    files,
    repeatable: true,
  })
  return objectOf<APIMessage>(answer, "id", "channel_id")
}

/** A message of the bot. Nobody is pinged unless `message` says so. */
export async function editMessage(
  rest: DiscordRest,
  input: { channelId: string; messageId: string; message: RESTPatchAPIChannelMessageJSONBody },
): Promise<APIMessage> {
  const path = discordPath`/channels/${input.channelId}/messages/${input.messageId}`
  const body = { allowed_mentions: { parse: [] }, ...input.message }
  return objectOf<APIMessage>(await rest.request({ method: "PATCH", path, body }), "id", "channel_id")
}

/** False: it was not there any more. */
export async function deleteMessage(
  rest: DiscordRest,
  input: { channelId: string; messageId: string; reason?: string },
): Promise<boolean> {
  const path = discordPath`/channels/${input.channelId}/messages/${input.messageId}`
  return deletedUnlessGone(rest.request({ method: "DELETE", path, reason: input.reason }))
}

/**
 * Up to 100 messages, newest first: the latest, those before a message, or the first ones after it. Null where the channel
 * has been deleted; none where the bot may not read the history.
 */
export async function listMessages(
  rest: DiscordRest,
  input: { channelId: string; limit?: number } & (
    | { before?: string; after?: never }
    | { after: string; before?: never }
  ),
): Promise<APIMessage[] | null> {
  const { channelId, limit = 100, before, after } = input
  const path = discordPath`/channels/${channelId}/messages`
  const answer = rest.request({ method: "GET", path, query: { limit, before, after } })
  return unlessGone(answer, (messages) => listOf<APIMessage>(messages, "id", "channel_id"))
}
