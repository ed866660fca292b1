import { Hono } from "hono"
import { z } from "zod"
import { discordIdentity } from "../../identity.ts"
import { showChannel } from "../../present/showChannel.ts"
import { showUser } from "../../present/showUser.ts"
import { directMessages } from "../../verbs/directMessages.ts"
import { type DiscordApiParts, type DiscordEnv, endpoint, noBody } from "../endpoint.ts"

/** What a user is told of themselves only. */
const ownDetails = { locale: "en-US", mfa_enabled: true, verified: true, email: null, premium_type: 0 }

export function userRoutes(parts: DiscordApiParts) {
  const { world } = parts
  const { store } = world
  const routes = new Hono<DiscordEnv>()
  routes.get(
    "/users/@me",
    endpoint(parts, noBody, () => ({
      ...showUser(world.user(discordIdentity.botId)),
      ...ownDetails,
    })),
  )
  routes.get(
    "/users/@me/guilds",
    endpoint(parts, noBody, () => [
      { id: store.guild.id, name: store.guild.name, icon: null, owner: false, features: [] },
    ]),
  )
  routes.post(
    "/users/@me/channels",
    endpoint(parts, z.object({ recipient_id: z.string() }), ({ input }) =>
      showChannel(store, directMessages(world, world.user(input.recipient_id).id)),
    ),
  )
  routes.get(
    "/users/:user",
    endpoint(parts, noBody, ({ id }) => showUser(world.user(id("user")))),
  )
  return routes
}
