import { Hono } from "hono"
import { discordFailure } from "../../faults/failures.ts"
import { faultMiddleware } from "../../http/faultMiddleware.ts"
import { DiscordError } from "../discordError.ts"
import { bannedPage, blockedPage } from "./cloudflare.ts"
import { apiPath, type DiscordApiParts, type DiscordContext, type DiscordEnv } from "./endpoint.ts"
import { limitedAnswer } from "./limitedAnswer.ts"
import { limitedRoute } from "./limitedRoute.ts"
import { RateLimited } from "./rateLimited.ts"
import { applicationRoutes } from "./resources/applications.ts"
import { channelRoutes } from "./resources/channels.ts"
import { guildRoutes } from "./resources/guilds.ts"
import { messageRoutes } from "./resources/messages.ts"
import { threadRoutes } from "./resources/threads.ts"
import { userRoutes } from "./resources/users.ts"
import { webhookRoutes } from "./resources/webhooks.ts"

/** Discord's REST API as a bot meets it. */
export function discordApi(parts: DiscordApiParts) {
  const { world, limits, log } = parts
  const api = new Hono<DiscordEnv>()

  api.use(async (c, next) => {
    const started = performance.now()
    await next()
    const scope = c.res.headers.get("x-ratelimit-scope")
    if ([401, 403, 429].includes(c.res.status) && scope !== "shared") log.refuse()
    log.note({
      at: world.stamp(),
      method: c.req.method,
      path: apiPath(c) + new URL(c.req.url).search,
      status: c.env.outgoing.destroyed ? null : c.res.status,
      code: Number(c.res.headers.get("x-stand-in-code")) || null,
      milliseconds: Math.round(performance.now() - started),
      reason: c.get("auditReason") ?? null,
      body: c.get("requestBody"),
    })
    world.touch()
  })
  api.use(faultMiddleware(world.faults, discordFailure))
  api.use(async (c, next) => {
    if (log.banned) return bannedPage(c)
    if (!/^DiscordBot \(\S+, \S+\)/.test(c.req.header("user-agent") ?? "")) return blockedPage(c)
    if (!allowed(c, parts)) throw new DiscordError(401, 0, "401: Unauthorized")
    const verdict = limits.take(limitedRoute(c.req.method, apiPath(c)))
    for (const [name, value] of Object.entries(verdict.headers)) c.header(name, value)
    if (verdict.refused) return limitedAnswer(c, verdict.refused)
    return next()
  })
  for (const routes of [
    guildRoutes,
    channelRoutes,
    messageRoutes,
    threadRoutes,
    userRoutes,
    applicationRoutes,
    webhookRoutes,
  ])
    api.route("/", routes(parts))
  api.all("*", (c) => {
    const known = ["GET", "POST", "PUT", "PATCH", "DELETE"].some((method) => world.openApi.knows(method, apiPath(c)))
    if (!known) throw new DiscordError(404, 0, "404: Not Found")
    if (!world.openApi.knows(c.req.method, apiPath(c))) throw new DiscordError(405, 0, "405: Method Not Allowed")
    throw new DiscordError(501, 0, `The stand-in does not know ${c.req.method} ${apiPath(c)} yet.`)
  })
  api.onError((error, c) => {
    if (error instanceof RateLimited) return limitedAnswer(c, error.limited)
    const refusal = error instanceof DiscordError ? error : new DiscordError(500, 0, `${error.message}\n${error.stack}`)
    c.header("x-stand-in-code", String(refusal.code))
    return c.json(refusal.body(), refusal.status)
  })
  return api
}

/** Webhooks and interactions carry their token in the address. */
function allowed(c: DiscordContext, { botToken }: DiscordApiParts): boolean {
  const path = apiPath(c)
  if (path.startsWith("/webhooks/") || path.startsWith("/interactions/")) return true
  return c.req.header("authorization") === `Bot ${botToken}`
}
