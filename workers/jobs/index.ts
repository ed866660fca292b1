import { checkEnv } from "../../shared/env.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { sweep } from "./sweep.ts"

export default {
  fetch(request, env) {
    if (new URL(request.url).pathname === "/health") return healthResponse("jobs", env)
    return Response.json({ error: { code: "not_found", message: "Jobs run on Cron Triggers." } }, { status: 404 })
  },
  async scheduled(_controller, env) {
    const checked = checkEnv("jobs", env)
    const actor = { kind: "job", name: "sweep" } as const
    const queues = { events: env.EVENTS, emails: env.EMAILS }
    await sweep(createContext({ worker: "jobs", env: checked, actor, vendors: {}, queues }))
  },
} satisfies ExportedHandler<Cloudflare.JobsEnv>
