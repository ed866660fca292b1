import { Hono, type Context as HonoContext } from "hono"
import type { Actor, Context } from "../../shared/context.ts"
import type { ResendApi } from "../../shared/vendors/resend.ts"

export type StaffActor = Extract<Actor, { kind: "staff" }>
export type AdminContext = Context<{ resend: ResendApi }, "events" | "emails" | "jobs"> & { actor: StaffActor }

/** What a handler of the staff pages finds: `c.get("ctx")` is the Context, its actor whoever is signed in. */
export interface AdminHono {
  Bindings: Cloudflare.AdminEnv
  Variables: {
    ctx: AdminContext
    secureHeadersNonce?: string
    /** The answer is somebody else's HTML, for a frame of ours. */
    framed?: boolean
    /** Milliseconds since 1970 when the request came in. */
    startedAt: number
  }
}

export type AdminRequest = HonoContext<AdminHono>

/** A group of pages, mounted where areas.ts says. */
export const newPages = () => new Hono<AdminHono>()
