import { Hono } from "hono"
import type { NodeEnv } from "../../http/faultMiddleware.ts"
import type { DiscordWorld } from "../world.ts"

/** Types that a browser may show from the stand-in's own address without running anything. */
const shown = /^(image\/(png|jpeg|gif|webp)|video\/|audio\/|text\/plain|application\/pdf)/

/** Attachments by their signed links; 404 once those have expired. */
export function cdnRoutes(world: DiscordWorld) {
  const routes = new Hono<NodeEnv>()
  routes.get("/:kind{(ephemeral-)?attachments}/:channel/:attachment/:filename", (c) => {
    const id = c.req.param("attachment")
    const attachment = world.store.attachments.get(id)
    const bytes = world.cdn.bytes(id)
    if (!attachment || !bytes || !world.cdn.admits(id, c.req.query()))
      return c.text("This content is no longer available.", 404)
    return c.body(new Uint8Array(bytes), 200, {
      "content-type": attachment.content_type,
      "content-disposition": shown.test(attachment.content_type) ? "inline" : "attachment",
      "content-security-policy": "default-src 'none'; sandbox",
      "x-content-type-options": "nosniff",
    })
  })
  return routes
}
