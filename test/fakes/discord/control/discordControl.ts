import { Hono } from "hono"
import { z } from "zod"
import { backTo } from "../../http/backTo.ts"
import type { NodeEnv } from "../../http/faultMiddleware.ts"
import { DiscordError } from "../discordError.ts"
import { showChannel } from "../present/showChannel.ts"
import { showMessage } from "../present/showMessage.ts"
import type { DiscordStandIn } from "../standIn.ts"
import { play } from "./play.ts"
import { playActions } from "./playActions.ts"
import { readForm, readJson } from "./readPlay.ts"

/**
 * `POST /_/discord/act` with an action as JSON or form; `GET /_/discord/state`, `/channels/:id`, `/interactions` and
 * `/requests` for what there is.
 */
export function discordControl(standIn: DiscordStandIn) {
  const { world, log, limits } = standIn
  const { store } = world
  const api = new Hono<NodeEnv>()

  api.post("/act", async (c) => {
    const json = c.req.header("content-type")?.includes("json")
    try {
      const { action, files } = json ? readJson(await c.req.json()) : await readForm(await c.req.formData())
      const result = await play(standIn, playActions.parse(action), files)
      return json
        ? c.json({ ok: true, result: result ?? null })
        : c.redirect(backTo(c.req.header("referer"), "/discord"), 303)
    } catch (error) {
      if (error instanceof z.ZodError)
        return c.json(
          { error: error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ") },
          400,
        )
      if (error instanceof DiscordError) return c.json({ error: wordsOf(error) }, 400)
      throw error
    }
  })
  api.get("/state", (c) =>
    c.json({
      guild: store.guild,
      members: [...store.members.values()].map((member) => ({ ...member, user: store.users.get(member.user) })),
      roles: [...store.roles.values()],
      channels: [...store.channels.values()].map((channel) => showChannel(store, channel)),
      commands: [...store.commands.values()],
      audit: store.audit,
      invalidRequests: log.invalidRequests,
      rateLimits: limits.enabled,
      messageContent: world.messageContent,
      guildMembers: world.guildMembers,
    }),
  )
  api.get("/channels/:channel", (c) => {
    const messages = store.conversation(c.req.param("channel"))
    return c.json(
      messages.map((message) => ({
        ...showMessage(world, message, { whole: true }),
        ephemeral_for: message.ephemeral_for ?? null,
      })),
    )
  })
  api.get("/interactions", (c) => c.json([...store.interactions.values()]))
  api.get("/requests", (c) => c.json({ invalid: log.invalidRequests, requests: log.requests }))
  return api
}

const wordsOf = ({ message, fields }: DiscordError): string =>
  [message, ...fields.map((field) => `${field.path.join(".")}: ${field.message}`)].join("; ")
