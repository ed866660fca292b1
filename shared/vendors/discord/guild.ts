import type { APIChannel, APIGuild, APIGuildMember, APIRole } from "discord-api-types/v10"
import type { DiscordRest } from "./discordRest.ts"
import { discordPath } from "./discordRoute.ts"
import { listOf, objectOf } from "./readShape.ts"
import { unlessGone } from "./unlessGone.ts"

/** Null where the bot is not in it. */
export async function getGuild(rest: DiscordRest, input: { guildId: string }): Promise<APIGuild | null> {
  const answer = rest.request({ method: "GET", path: discordPath`/guilds/${input.guildId}` })
  return unlessGone(answer, (guild) => objectOf<APIGuild>(guild, "id", "owner_id"))
}

/** Without threads. */
export async function listGuildChannels(rest: DiscordRest, input: { guildId: string }): Promise<APIChannel[]> {
  const path = discordPath`/guilds/${input.guildId}/channels`
  return listOf<APIChannel>(await rest.request({ method: "GET", path }), "id")
}

export async function listRoles(rest: DiscordRest, input: { guildId: string }): Promise<APIRole[]> {
  const path = discordPath`/guilds/${input.guildId}/roles`
  return listOf<APIRole>(await rest.request({ method: "GET", path }), "id", "permissions")
}

/** Unknown member, unknown user. That the bot itself is not in the server any more says nothing of others. */
const noMember = [10007, 10013]

/** Null where the user is not in the server, or has left it. */
export async function getMember(
  rest: DiscordRest,
  input: { guildId: string; userId: string },
): Promise<APIGuildMember | null> {
  const path = discordPath`/guilds/${input.guildId}/members/${input.userId}`
  return unlessGone(rest.request({ method: "GET", path }), (answer) => objectOf<APIGuildMember>(answer), noMember)
}
