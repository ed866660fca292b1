import { createMiddleware } from "hono/factory"
import { sessionStaff } from "../../../shared/staff/sessions.ts"
import type { AdminHono } from "../adminApp.ts"
import { adminContext } from "../adminContext.ts"
import { readSessionCookie } from "./sessionCookie.ts"

/** Lets signed-in staff pass and sends everyone else to the sign-in page, which brings them back. */
export const signedIn = createMiddleware<AdminHono>(async (c, next) => {
  const token = readSessionCookie(c)
  const anonymous = adminContext(c.env, { kind: "public" })
  const actor = token ? await sessionStaff(anonymous, token) : null
  if (!actor) {
    const { pathname, search } = new URL(c.req.url)
    const back = c.req.method === "GET" ? `${pathname}${search}` : "/"
    const address = `/sign-in?back=${encodeURIComponent(back)}`
    // htmx would put the sign-in page into the middle of the one at hand.
    if (c.req.header("hx-request")) return c.body(null, 401, { "hx-redirect": address })
    return c.redirect(address, 303)
  }
  c.set("ctx", { ...anonymous, actor })
  await next()
})
