import { Hono, type Context as HonoContext, type MiddlewareHandler } from "hono"
import type { DryRunService } from "../../shared/automation/dryRunService.ts"
import type { Actor, Context } from "../../shared/context.ts"
import { requirePermission } from "../../shared/staff/requirePermission.ts"
import type { Permission } from "../../shared/staff/roles.ts"
import type { LinkConfig } from "../../shared/support/work/askOpener.ts"
import type { AdminVendors } from "./adminContext.ts"
import type { AssetVersions } from "./assetVersions.ts"

export type StaffActor = Extract<Actor, { kind: "staff" }>
export type AdminContext = Context<AdminVendors, "events" | "emails" | "jobs" | "tickets"> & {
  actor: StaffActor
  /** Where the public reads transcripts, and what signs links to them. */
  config: LinkConfig
}

/** What a handler of the staff pages finds: `c.get("ctx")` is the Context, its actor whoever is signed in. */
export interface AdminHono {
  /** What an entrypoint of another Worker offers is not in the generated types. */
  Bindings: Cloudflare.AdminEnv & { AUTOMATIONS: DryRunService }
  Variables: {
    ctx: AdminContext
    secureHeadersNonce?: string
    assetVersions?: Promise<AssetVersions>
    /** The answer is somebody else's HTML, for a frame of ours. */
    framed?: boolean
    /** The answer's own content security policy, in place of the pages'. */
    policy?: string
    /** Milliseconds since 1970 when the request came in. */
    startedAt: number
  }
}

export type AdminRequest = HonoContext<AdminHono>

/** A group of pages, mounted where areas.ts says. */
export const newPages = () => new Hono<AdminHono>()

/** Refuses whoever lacks the permission before a form is read: the verb refuses by itself, but only of what is well formed. */
export const permitted =
  (permission: Permission): MiddlewareHandler<AdminHono> =>
  (c, next) => {
    requirePermission(c.get("ctx"), permission)
    return next()
  }
