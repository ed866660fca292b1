import { createMiddleware } from "hono/factory"
import { AppError } from "../../shared/errors.ts"
import type { AdminHono } from "./adminApp.ts"

const safe = new Set(["GET", "HEAD", "OPTIONS"])

/**
 * Lets an unsafe request pass only where the browser says that a page of ours sent it: Origin is ours, and fetch
 * metadata, where sent, says same-origin. A request that says neither is refused.
 */
export const refuseForeign = createMiddleware<AdminHono>(async (c, next) => {
  if (!safe.has(c.req.method)) {
    const origin = c.req.header("origin")
    const site = c.req.header("sec-fetch-site")
    const ours = origin === new URL(c.req.url).origin
    if ((origin !== undefined && !ours) || (site !== undefined && site !== "same-origin") || (!ours && !site))
      throw new AppError("forbidden", "This request did not come from a page of Ops HQ. Open the page and try again.")
  }
  await next()
})
