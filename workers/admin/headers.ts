import { every } from "hono/combine"
import { createMiddleware } from "hono/factory"
import { NONCE, secureHeaders } from "hono/secure-headers"
import type { AdminHono } from "./adminApp.ts"

const year = 365 * 24 * 60 * 60

/** Of a mail shown inside one of our pages: it may look like itself, and do nothing. */
const framedPolicy =
  "default-src 'none'; img-src https: data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; sandbox"

const privateByDefault = createMiddleware<AdminHono>(async (c, next) => {
  c.set("startedAt", Date.now())
  await next()
  if (c.get("framed")) {
    c.header("content-security-policy", framedPolicy)
    c.header("x-frame-options", "SAMEORIGIN")
  }
  const policy = c.get("policy")
  if (policy) c.header("content-security-policy", policy)
  if (!c.res.headers.has("cache-control")) c.header("cache-control", "private, no-store")
})

/** What every answer carries; the rows of ASVS 5.0 that they meet are in docs/staff.md. */
export const headers = every(
  privateByDefault,
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: [NONCE],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      frameSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      objectSrc: ["'none'"],
      frameAncestors: ["'none'"],
    },
    strictTransportSecurity: `max-age=${2 * year}; includeSubDomains`,
    xFrameOptions: "DENY",
    // "no-referrer" would take the Origin from our own forms too.
    referrerPolicy: "same-origin",
    crossOriginOpenerPolicy: "same-origin",
    crossOriginResourcePolicy: "same-origin",
    permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
  }),
)
