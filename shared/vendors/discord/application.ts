import type {
  APIApplication,
  APIApplicationCommand,
  RESTPutAPIApplicationGuildCommandsJSONBody,
} from "discord-api-types/v10"
import type { DiscordRest } from "./discordRest.ts"
import { discordPath } from "./discordRoute.ts"
import { listOf, objectOf } from "./readShape.ts"

/** The application that the token is of, with its flags and its bot. */
export async function getApplication(rest: DiscordRest): Promise<APIApplication> {
  return objectOf<APIApplication>(await rest.request({ method: "GET", path: "/applications/@me" }), "id")
}

/** These and no others are the application's commands in the server. */
export async function putCommands(
  rest: DiscordRest,
  input: { guildId: string; commands: RESTPutAPIApplicationGuildCommandsJSONBody },
): Promise<APIApplicationCommand[]> {
  const path = discordPath`/applications/${rest.applicationId}/guilds/${input.guildId}/commands`
  return listOf<APIApplicationCommand>(await rest.request({ method: "PUT", path, body: input.commands }), "id", "name")
}
