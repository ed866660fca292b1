import { runJob } from "../../shared/monitoring/runJob.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { queuedIds } from "../../shared/runtime/queuedIds.ts"
import { jobsContext } from "./jobsContext.ts"
import { announceRuns, findJob } from "./runners.ts"
import { tick } from "./tick.ts"

export default {
  fetch(request, env) {
    if (new URL(request.url).pathname === "/health") return healthResponse("jobs", env)
    return Response.json({ error: { code: "not_found", message: "Jobs run on Cron Triggers." } }, { status: 404 })
  },

  async scheduled(_controller, env) {
    await tick(jobsContext(env, { kind: "job", name: "schedule" }))
  },

  async queue(batch, env) {
    const ctx = jobsContext(env, { kind: "job", name: "run" })
    for (const runId of queuedIds(batch.messages.map(({ body }) => body)))
      if ((await runJob(ctx, { runId, find: findJob })) === "continues") await announceRuns(ctx, [runId])
  },
} satisfies ExportedHandler<Cloudflare.JobsEnv>
