import { createMiddleware } from "hono/factory"
import { checkEnv } from "../../../shared/env.ts"
import { AppError } from "../../../shared/errors.ts"
import { isLocal } from "../../../shared/staff/localStaff.ts"
import { sessionStaff } from "../../../shared/staff/sessions.ts"
import type { AdminHono, AdminRequest, StaffActor } from "../adminApp.ts"
import { adminContext } from "../adminContext.ts"
import { accessStaff } from "./accessStaff.ts"
import { readSessionCookie } from "./sessionCookie.ts"

/** Lets signed-in staff pass. Without Access in front, everyone else is sent to the sign-in page and back. */
export const signedIn = createMiddleware<AdminHono>(async (c, next) => {
  const anonymous = adminContext(c.env, { kind: "public" })
  const mode = checkEnv("admin", c.env).SIGN_IN
  const actor = mode === "access" ? await accessStaff(c, anonymous) : await sessionActor(c, mode)
  if (!actor) return sendToSignIn(c)
  c.set("ctx", { ...anonymous, actor })
  await next()
})

async function sessionActor(c: AdminRequest, mode: "own" | "local"): Promise<StaffActor | null> {
  if (mode === "local" && !isLocal(c.env)) throw new AppError("misconfigured", "SIGN_IN local works on a laptop only.")
  const token = readSessionCookie(c)
  const attended = c.req.header("ops-unattended") === undefined
  return token ? sessionStaff(adminContext(c.env, { kind: "public" }), { token, attended }) : null
}

function sendToSignIn(c: AdminRequest) {
  const { pathname, search } = new URL(c.req.url)
  const back = c.req.method === "GET" ? `${pathname}${search}` : "/"
  const address = `/sign-in?back=${encodeURIComponent(back)}`
  // htmx would put the sign-in page into the middle of the one at hand.
  if (c.req.header("hx-request")) return c.body(null, 401, { "hx-redirect": address })
  return c.redirect(address, 303)
}
