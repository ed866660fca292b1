import { Hono } from "hono"
import { act } from "./act.ts"
import { actions } from "./actions.ts"
import { discordControl } from "./discord/control/discordControl.ts"
import { backTo } from "./http/backTo.ts"
import type { NodeEnv } from "./http/faultMiddleware.ts"
import type { Parts } from "./parts.ts"
import { StripeError } from "./stripe/stripeError.ts"

/** `POST /_/act` with an action as JSON or form; `GET /_/state`, `/_/mails`, `/_/events`, `/_/webhooks`, `/_/requests` for what there is. */
export function control(parts: Parts) {
  const { world, mailbox, discord } = parts
  const api = new Hono<NodeEnv>()
  const deliveries = () => [...world.log.deliveries, ...mailbox.deliveries]

  api.post("/act", async (c) => {
    const form = !c.req.header("content-type")?.includes("json")
    const body: unknown = form ? readForm(await c.req.parseBody()) : await c.req.json()
    const parsed = actions.safeParse(body)
    if (!parsed.success) {
      const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`)
      return c.json({ error: problems.join("; ") }, 400)
    }
    try {
      const result = act(parts, parsed.data)
      return form ? c.redirect(backTo(c.req.header("referer"), "/"), 303) : c.json({ ok: true, result: result ?? null })
    } catch (error) {
      if (error instanceof StripeError) return c.json({ error: error.message }, 400)
      throw error
    }
  })
  api.post("/settled", async (c) => {
    await Promise.all([world.log.settled(), mailbox.settled(), discord.settled()])
    return c.json({ ok: true })
  })
  api.get("/state", (c) =>
    c.json({
      now: world.now(),
      customers: world.all("customer"),
      subscriptions: world.all("subscription"),
      invoices: world.all("invoice"),
      charges: world.all("charge"),
      accepted: mailbox.accepted,
      replayed: mailbox.replayed,
      doubles: mailbox.doubles,
      mails: mailbox.mails.map(({ html: _, ...mail }) => mail),
      deliveries: deliveries(),
    }),
  )
  api.get("/mails", (c) => c.json(mailbox.mails))
  api.get("/events", (c) => c.json(world.log.events))
  api.get("/webhooks", (c) => c.json(deliveries()))
  api.get("/requests", (c) => c.json(mailbox.requests))
  api.route("/discord", discordControl(discord))
  return api
}

/** Fields left empty are left out; `name.part` makes a nested one. */
function readForm(fields: Record<string, unknown>): Record<string, unknown> {
  const read: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === "") continue
    const [outer = name, inner] = name.split(".")
    if (inner === undefined) read[outer] = value
    else read[outer] = { ...Object(read[outer]), [inner]: value }
  }
  return read
}
