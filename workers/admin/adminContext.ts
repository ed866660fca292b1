import type { Actor, Context } from "../../shared/context.ts"
import { checkEnv } from "../../shared/env.ts"
import { createContext } from "../../shared/runtime/createContext.ts"

/** The Context of one request to the staff pages. */
export function adminContext<Who extends Actor>(
  env: Cloudflare.AdminEnv,
  actor: Who,
): Context<object, "events" | "emails"> & { actor: Who } {
  const context = createContext({
    worker: "admin",
    env: checkEnv("admin", env),
    actor,
    vendors: {},
    queues: { events: env.EVENTS, emails: env.EMAILS },
  })
  return { ...context, actor }
}
