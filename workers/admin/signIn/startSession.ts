import { openSession } from "../../../shared/staff/sessions.ts"
import type { AdminRequest } from "../adminApp.ts"
import { adminContext } from "../adminContext.ts"
import { readSessionCookie, writeSessionCookie } from "./sessionCookie.ts"

/** A new session, whatever there was before. */
export async function startSession(c: AdminRequest, staffId: string): Promise<void> {
  const token = await openSession(adminContext(c.env, { kind: "public" }), {
    staffId,
    replaces: readSessionCookie(c),
    userAgent: c.req.header("user-agent") ?? null,
  })
  writeSessionCookie(c, token)
}
