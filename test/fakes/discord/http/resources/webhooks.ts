import { Hono } from "hono"
import { z } from "zod"
import { DiscordError, unknown } from "../../discordError.ts"
import { discordIdentity } from "../../identity.ts"
import { fillOriginal, followUp, tokenLife } from "../../interactions/followUp.ts"
import type { Interaction } from "../../interactions/interaction.ts"
import { takeAnswer } from "../../interactions/takeAnswer.ts"
import type { Message } from "../../model/wire.ts"
import { showMessage } from "../../present/showMessage.ts"
import { madeAt } from "../../snowflakes.ts"
import { changeMessage } from "../../verbs/changeMessage.ts"
import { messageInput } from "../../verbs/messageInput.ts"
import { removeMessage } from "../../verbs/removeMessage.ts"
import { type DiscordApiParts, type DiscordEnv, endpoint, noBody } from "../endpoint.ts"

/** Answers to interactions, by their token: the first one, its edits, and what follows. */
export function webhookRoutes(parts: DiscordApiParts) {
  const { world } = parts
  const routes = new Hono<DiscordEnv>()
  type Id = (name: string) => string

  const answered = (id: Id): Interaction => {
    const found = [...world.store.interactions.values()].find(({ token }) => token === id("token"))
    if (id("application") !== discordIdentity.applicationId || !found) throw unknown.webhook()
    if (world.now().getTime() > madeAt(found.id).getTime() + tokenLife)
      throw new DiscordError(401, 50027, "Invalid Webhook Token")
    if (found.outcome !== "answered") throw unknown.webhook()
    return found
  }
  const find = (id: Id): { interaction: Interaction; message: Message; original: boolean } => {
    const interaction = answered(id)
    const original = id("message") === "@original"
    const message = world.store.messages.get((original ? interaction.original : id("message")) ?? "")
    const ours = message?.id === interaction.original || message?.interaction === interaction.id
    if (!message || !ours) throw unknown.message()
    return { interaction, message, original: message.id === interaction.original }
  }
  const show = (message: Message) => showMessage(world, message, { whole: true })

  routes.post(
    "/interactions/:interaction/:token/callback",
    endpoint(parts, z.unknown(), ({ id, input, files }) => {
      const interaction = world.store.interactions.get(id("interaction"))
      const late = interaction && interaction.outcome === "did not respond"
      if (!interaction || interaction.token !== id("token") || late) throw unknown.interaction()
      if (interaction.outcome !== "pending")
        throw new DiscordError(400, 40060, "Interaction has already been acknowledged.")
      takeAnswer(world, interaction, input, files)
    }),
  )
  routes.post(
    "/webhooks/:application/:token",
    endpoint(parts, messageInput, ({ id, input, files }) => show(followUp(world, answered(id), input, files))),
  )
  routes.get(
    "/webhooks/:application/:token/messages/:message",
    endpoint(parts, noBody, ({ id }) => show(find(id).message)),
  )
  routes.patch(
    "/webhooks/:application/:token/messages/:message",
    endpoint(parts, messageInput, ({ id, input, files }) => {
      const { interaction, message, original } = find(id)
      if (original && interaction.deferred) return show(fillOriginal(world, interaction, input, files))
      return show(changeMessage(world, message, { input, files }))
    }),
  )
  routes.delete(
    "/webhooks/:application/:token/messages/:message",
    endpoint(parts, noBody, ({ id }) => removeMessage(world, find(id).message)),
  )
  return routes
}
