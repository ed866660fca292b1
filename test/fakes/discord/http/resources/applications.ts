import { ApplicationFlags } from "discord-api-types/v10"
import { Hono } from "hono"
import { z } from "zod"
import { DiscordError } from "../../discordError.ts"
import { discordIdentity } from "../../identity.ts"
import type { Command } from "../../model/wire.ts"
import { showUser } from "../../present/showUser.ts"
import { commandInput, putCommands } from "../../verbs/putCommands.ts"
import type { DiscordWorld } from "../../world.ts"
import { type DiscordApiParts, type DiscordEnv, endpoint, noBody } from "../endpoint.ts"
import { needGuild } from "./guilds.ts"

const { applicationId, botId, publicKey } = discordIdentity
const commands = z.array(commandInput).max(130)

export function applicationRoutes(parts: DiscordApiParts) {
  const { world } = parts
  const routes = new Hono<DiscordEnv>()
  const listed = (guild: string | undefined) =>
    [...world.store.commands.values()].filter(({ guild_id }) => guild_id === guild).map(showCommand)

  routes.get(
    "/applications/@me",
    endpoint(parts, noBody, () => showApplication(world)),
  )
  routes.get(
    "/applications/:application/commands",
    endpoint(parts, noBody, ({ id }) => {
      needApplication(id("application"))
      return listed(undefined)
    }),
  )
  routes.put(
    "/applications/:application/commands",
    endpoint(parts, commands, ({ id, input }) => {
      needApplication(id("application"))
      return putCommands(world, input).map(showCommand)
    }),
  )
  routes.get(
    "/applications/:application/guilds/:guild/commands",
    endpoint(parts, noBody, ({ id }) => {
      needApplication(id("application"))
      needGuild(world, id("guild"))
      return listed(id("guild"))
    }),
  )
  routes.put(
    "/applications/:application/guilds/:guild/commands",
    endpoint(parts, commands, ({ id, input }) => {
      needApplication(id("application"))
      needGuild(world, id("guild"))
      return putCommands(world, input, id("guild")).map(showCommand)
    }),
  )
  return routes
}

const showApplication = (world: DiscordWorld) => ({
  id: applicationId,
  name: "Ops HQ",
  icon: null,
  description: "",
  bot: showUser(world.user(botId)),
  bot_public: false,
  bot_require_code_grant: false,
  verify_key: publicKey,
  flags:
    (world.messageContent ? ApplicationFlags.GatewayMessageContentLimited : 0) |
    (world.guildMembers ? ApplicationFlags.GatewayGuildMembersLimited : 0),
  interactions_endpoint_url: world.deliverer ? "https://interactions.example.com/interactions" : null,
  owner: showUser(world.user(world.store.guild.owner_id)),
  team: null,
  type: null,
  flags_new: "0",
  redirect_uris: [],
  role_connections_verification_url: null,
  approximate_guild_count: 1,
  approximate_user_install_count: 0,
  approximate_user_authorization_count: 0,
  explicit_content_filter: 0,
  eligible_oauth2_scopes: [],
})

const showCommand = (command: Command) => ({ ...command, nsfw: false, contexts: null, integration_types: [0] })

function needApplication(id: string): void {
  if (id !== applicationId) throw new DiscordError(404, 10002, "Unknown Application")
}
