import { Hono } from "hono"
import type { NodeEnv } from "../http/faultMiddleware.ts"
import type { Inbox } from "./inbox.ts"
import { Refusal } from "./refusal.ts"

/** The part of Resend's API that hands out received mails. */
export function receivingApi(inbox: Inbox) {
  const api = new Hono<NodeEnv>()
  const found = <Found extends object>(value: Found | undefined): Found => {
    if (!value) throw new Refusal(404, "not_found", "Email not found")
    return value
  }
  api.get("/", (c) => c.json(inbox.list()))
  api.get("/:id", (c) => c.json(found(inbox.show(c.req.param("id")))))
  api.get("/:id/attachments/:file", (c) => c.json(found(inbox.showFile(c.req.param("id"), c.req.param("file")))))
  return api
}

/** Where attachments are downloaded, without a key, for as long as the address holds. */
export function inboxFiles(inbox: Inbox) {
  const app = new Hono<NodeEnv>()
  app.get("/:mail/:file", (c) => {
    const { mail, file } = c.req.param()
    const bytes = inbox.download(mail, file, Number(c.req.query("expires")))
    return bytes ? c.body(bytes, 200, { "content-type": "application/octet-stream" }) : c.text("Expired", 403)
  })
  return app
}
