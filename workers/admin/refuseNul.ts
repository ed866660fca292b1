import { createMiddleware } from "hono/factory"
import { AppError } from "../../shared/errors.ts"
import type { AdminHono } from "./adminApp.ts"

/** No address of ours has a NUL in it, and Postgres takes none. */
export const refuseNul = createMiddleware<AdminHono>(async (c, next) => {
  if (/%00/.test(c.req.url)) throw new AppError("bad_request", "The address holds a character that cannot be.")
  await next()
})
