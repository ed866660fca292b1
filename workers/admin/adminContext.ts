import type { Actor, Context } from "../../shared/context.ts"
import { checkEnv } from "../../shared/env.ts"
import type { FileStore } from "../../shared/files/fileStore.ts"
import { r2FileStore } from "../../shared/files/r2FileStore.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import type { LinkConfig } from "../../shared/support/work/askOpener.ts"
import { createResend, type ResendApi } from "../../shared/vendors/resend.ts"

export interface AdminVendors {
  resend: ResendApi
  files: FileStore
}

/** The Context of one request to the staff pages. */
export function adminContext<Who extends Actor>(
  env: Cloudflare.AdminEnv,
  actor: Who,
): Context<AdminVendors, "events" | "emails" | "jobs" | "tickets"> & { actor: Who; config: LinkConfig } {
  const checked = checkEnv("admin", env)
  const context = createContext({
    worker: "admin",
    env: checked,
    actor,
    vendors: {
      resend: createResend({ apiKey: checked.RESEND_API_KEY, apiBase: checked.RESEND_API_BASE }),
      files: r2FileStore(env.FILES),
    },
    queues: { events: env.EVENTS, emails: env.EMAILS, jobs: env.JOBS, tickets: env.TICKETS },
  })
  return { ...context, actor, config: { portalUrl: checked.PORTAL_URL, linkSecret: checked.LINK_SECRET } }
}
