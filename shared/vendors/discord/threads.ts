import type { APIThreadChannel, RESTPostAPIChannelThreadsJSONBody } from "discord-api-types/v10"
import type { DiscordRest } from "./discordRest.ts"
import { discordPath } from "./discordRoute.ts"
import { objectOf } from "./readShape.ts"
import { deletedUnlessGone } from "./unlessGone.ts"

/** Seen by its members and who may manage threads. Not to be repeated: where no answer came, it may be there all the same. */
export async function createPrivateThread(
  rest: DiscordRest,
  input: { channelId: string; name: string; archiveAfterMinutes: 60 | 1440 | 4320 | 10080; reason?: string },
): Promise<APIThreadChannel> {
  const body: RESTPostAPIChannelThreadsJSONBody = {
    name: input.name,
    type: 12,
    invitable: false,
    auto_archive_duration: input.archiveAfterMinutes,
  }
  const path = discordPath`/channels/${input.channelId}/threads`
  const answer = await rest.request({ method: "POST", path, body, reason: input.reason })
  return objectOf<APIThreadChannel>(answer, "id")
}

/** Not while the thread is archived. */
export async function addThreadMember(rest: DiscordRest, input: { threadId: string; userId: string }): Promise<void> {
  await rest.request({ method: "PUT", path: discordPath`/channels/${input.threadId}/thread-members/${input.userId}` })
}

/** Also who is none. */
export async function removeThreadMember(
  rest: DiscordRest,
  input: { threadId: string; userId: string },
): Promise<void> {
  const path = discordPath`/channels/${input.threadId}/thread-members/${input.userId}`
  await deletedUnlessGone(rest.request({ method: "DELETE", path }))
}
