import { Hono } from "hono"
import type { NodeEnv } from "../http/faultMiddleware.ts"
import type { Parts } from "../parts.ts"
import { clientScript } from "./clientScript.ts"
import { discordPage } from "./discord/discordPage.ts"
import { page } from "./page.ts"
import { payPage } from "./payPage.ts"
import { stylesheet } from "./stylesheet.ts"

/** A page to play a customer, read every mail, see every webhook and make the vendors misbehave. */
export function dashboard(parts: Parts) {
  const { world, mailbox, discord } = parts
  const app = new Hono<NodeEnv>()
  app.get("/", (c) => c.html(page(parts, (c.req.query("q") ?? "").trim().toLowerCase())))
  app.get("/discord", (c) => c.html(discordPage(parts, c.req.query())))
  app.get("/style.css", (c) => c.body(stylesheet, 200, { "content-type": "text/css; charset=utf-8" }))
  app.get("/live.js", (c) => c.body(clientScript, 200, { "content-type": "text/javascript; charset=utf-8" }))
  app.get("/pulse", (c) => {
    const attempts = [...world.log.deliveries, ...mailbox.deliveries].reduce(
      (sum, { attempts, status }) => sum + attempts.length + (status === "pending" ? 0 : 1),
      0,
    )
    return c.json([
      world.log.events.length,
      attempts,
      mailbox.accepted,
      mailbox.requests.length,
      world.account.clock.offset,
      discord.world.changes,
    ])
  })
  app.get("/mail/:id", (c) => {
    const mail = mailbox.get(c.req.param("id"))
    if (!mail) return c.text("No such mail.", 404)
    // Shown in a sandboxed frame; nothing in a mail may run or load.
    c.header("content-security-policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox")
    return mail.html ? c.html(mail.html) : c.text(mail.text)
  })
  app.get("/webhook/:id", (c) => {
    const id = c.req.param("id")
    const delivery = world.log.webhooks.deliveries.get(id) ?? mailbox.webhooks.deliveries.get(id)
    if (!delivery) return c.json({ error: "No such webhook." }, 404)
    const payload: unknown = JSON.parse(delivery.body)
    return c.body(JSON.stringify(payload, null, 2), 200, { "content-type": "application/json; charset=utf-8" })
  })
  app.get("/pay/:id", (c) => {
    const invoice = world.account.store.get("invoice", c.req.param("id"))
    return invoice ? c.html(payPage(invoice)) : c.text("No such invoice.", 404)
  })
  return app
}
