import type { HttpBindings } from "@hono/node-server"
import type { Context, MiddlewareHandler } from "hono"
import type { Faults } from "../faults/faults.ts"
import { pause } from "./pause.ts"

export type NodeEnv = { Bindings: HttpBindings }

/** Around a vendor's routes. `refuse` makes the vendor's own body for an error status. */
export function faultMiddleware(
  faults: Faults,
  refuse: (status: 429 | 500 | 503) => Response,
): MiddlewareHandler<NodeEnv> {
  return async (c, next) => {
    const request = `${c.req.method} ${c.req.path}`
    if (faults.strikes("droppedConnection", request)) return cut(c)
    if (faults.strikes("tooManyRequests", request)) return refuse(429)
    if (faults.strikes("serverError", request)) return refuse(500)
    if (faults.strikes("unavailable", request)) return refuse(503)
    await next()
    if (c.res.ok && faults.strikes("errorAfterAcceptance", request)) {
      c.res = refuse(500)
      return undefined
    }
    const silent = c.res.ok ? faults.strikes("timeoutAfterAcceptance", request) : null
    if (!silent) return undefined
    await hang(c, silent.milliseconds ?? 0)
    return cut(c)
  }
}

async function hang(c: Context<NodeEnv>, milliseconds: number): Promise<void> {
  const left = new Promise<void>((resolve) => c.env.outgoing.once("close", () => resolve()))
  await Promise.race([left, pause(milliseconds)])
}

function cut(c: Context<NodeEnv>): Response {
  c.env.outgoing.destroy()
  c.res = new Response(null)
  return c.res
}
