import type { APIThreadChannel } from "discord-api-types/v10"
import type { DiscordRest } from "./discordRest.ts"
import { discordPath } from "./discordRoute.ts"
import { objectOf } from "./readShape.ts"

/** Threads of the server that are not archived, private ones too where the bot sees them. */
export async function listActiveThreads(rest: DiscordRest, input: { guildId: string }): Promise<APIThreadChannel[]> {
  const path = discordPath`/guilds/${input.guildId}/threads/active`
  const answer = objectOf<{ threads: APIThreadChannel[] }>(await rest.request({ method: "GET", path }))
  return Array.isArray(answer.threads) ? answer.threads : []
}
