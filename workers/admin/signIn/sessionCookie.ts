import { deleteCookie, getCookie, setCookie } from "hono/cookie"
import { absoluteHours } from "../../../shared/staff/sessions.ts"
import type { AdminRequest } from "../adminApp.ts"

const isSecure = (c: AdminRequest) => new URL(c.req.url).protocol === "https:"
/** Browsers take the prefix only over https; plain http exists in local development alone. */
const nameOf = (c: AdminRequest) => (isSecure(c) ? "__Host-ops-session" : "ops-session")
const flowNameOf = (c: AdminRequest) => (isSecure(c) ? "__Host-ops-sign-in" : "ops-sign-in")
const attributes = (c: AdminRequest) => ({ path: "/", httpOnly: true, secure: isSecure(c), sameSite: "Lax" as const })

export const readSessionCookie = (c: AdminRequest): string | null => getCookie(c, nameOf(c)) ?? null

export const writeSessionCookie = (c: AdminRequest, token: string): void =>
  setCookie(c, nameOf(c), token, { ...attributes(c), maxAge: absoluteHours * 3600 })

export const clearSessionCookie = (c: AdminRequest): void => {
  deleteCookie(c, nameOf(c), attributes(c))
}

/** Binds a mailed code to the browser that asked for it. */
export const readFlowCookie = (c: AdminRequest): string => getCookie(c, flowNameOf(c)) ?? ""

export const writeFlowCookie = (c: AdminRequest, token: string): void =>
  setCookie(c, flowNameOf(c), token, { ...attributes(c), maxAge: 15 * 60 })
