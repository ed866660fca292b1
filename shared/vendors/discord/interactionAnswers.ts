import type {
  APIMessage,
  RESTPatchAPIInteractionOriginalResponseJSONBody,
  RESTPostAPIInteractionFollowupJSONBody,
} from "discord-api-types/v10"
import type { DiscordFile } from "./discordBody.ts"
import type { DiscordRest } from "./discordRest.ts"
import { discordPath } from "./discordRoute.ts"
import { objectOf } from "./readShape.ts"

/** Whoever acted is told by their interaction's token, which is good for 15 minutes. Nobody is pinged unless `message` says so. */
export async function editOriginalResponse(
  rest: DiscordRest,
  input: { token: string; message: RESTPatchAPIInteractionOriginalResponseJSONBody; files?: DiscordFile[] },
): Promise<APIMessage> {
  const answer = await rest.request({
    method: "PATCH",
    path: discordPath`/webhooks/${rest.applicationId}/${input.token}/messages/@original`,
    body: { allowed_mentions: { parse: [] }, ...input.message },
    files: input.files,
  })
  return objectOf<APIMessage>(answer, "id", "channel_id")
}

/** Another message in answer to an interaction; an ephemeral one with the flag 64. */
export async function followUp(
  rest: DiscordRest,
  input: { token: string; message: RESTPostAPIInteractionFollowupJSONBody; files?: DiscordFile[] },
): Promise<APIMessage> {
  const answer = await rest.request({
    method: "POST",
    path: discordPath`/webhooks/${rest.applicationId}/${input.token}`,
    body: { allowed_mentions: { parse: [] }, ...input.message },
    files: input.files,
  })
  return objectOf<APIMessage>(answer, "id", "channel_id")
}

export async function deleteOriginalResponse(rest: DiscordRest, input: { token: string }): Promise<void> {
  const path = discordPath`/webhooks/${rest.applicationId}/${input.token}/messages/@original`
  await rest.request({ method: "DELETE", path })
}
