import { InteractionResponseType, InteractionType } from "discord-api-types/v10"
import { AppError } from "../../shared/errors.ts"
import { verifyInteraction } from "../../shared/vendors/discord/verifyInteraction.ts"
import { readBody } from "../../shared/webhooks/readBody.ts"
import type { DiscordContext } from "./discordContext.ts"
import type { Handlers } from "./handler.ts"
import { notice } from "./notice.ts"
import { react } from "./react.ts"

/** Five text inputs of 4,000 characters and the message that a command is about stay far below this. */
const bodyLimit = 512 * 1024

export interface Edge {
  ctx: DiscordContext
  handlers: Handlers
  waitUntil: (work: Promise<unknown>) => void
}

/** Verify, route, answer. Whatever Discord did not sign is answered with 401. */
export async function receiveInteraction(request: Request, edge: Edge): Promise<Response> {
  const { ctx } = edge
  const body = await readBody(request, bodyLimit).catch((cause: unknown) => {
    throw new AppError("unauthenticated", "The body is larger than an interaction, or is not UTF-8.", { cause })
  })
  const interaction = await verifyInteraction({
    headers: request.headers,
    body,
    publicKey: ctx.config.publicKey,
    now: ctx.now(),
  })
  if (interaction.type === InteractionType.Ping) return Response.json({ type: InteractionResponseType.Pong })
  // Anybody can add a bot to a server of their own, where the roles and permissions are theirs.
  if (interaction.guild_id !== undefined && interaction.guild_id !== ctx.config.guildId) {
    ctx.log.warn("interaction of another server", { interaction: interaction.id, guild: interaction.guild_id })
    return Response.json(notice(interaction, "This bot serves another server."))
  }
  return Response.json(await react(interaction, edge))
}
