import { noteJobsDown } from "../../shared/monitoring/noteJobsDown.ts"
import { runJob } from "../../shared/monitoring/runJob.ts"
import { startDueJobs } from "../../shared/monitoring/startDueJobs.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { queuedIds } from "../../shared/runtime/queuedIds.ts"
import { jobsContext } from "./jobsContext.ts"
import { type JobsContext, runners } from "./runners.ts"

const runnerOf = (job: string) => Object.entries(runners).find(([name]) => name === job)?.[1]

/** Each run has an invocation of its own, with the platform's limits for itself. */
async function announce(ctx: JobsContext, runIds: string[]): Promise<void> {
  if (runIds.length > 0) await ctx.queues.jobs.sendBatch(runIds.map((id) => ({ body: { ids: [id] } })))
}

export default {
  fetch(request, env) {
    if (new URL(request.url).pathname === "/health") return healthResponse("jobs", env)
    return Response.json({ error: { code: "not_found", message: "Jobs run on Cron Triggers." } }, { status: 404 })
  },

  async scheduled(_controller, env) {
    const ctx = jobsContext(env, { kind: "job", name: "schedule" })
    await announce(ctx, await startDueJobs(ctx))
    await noteJobsDown(ctx)
  },

  async queue(batch, env) {
    const ctx = jobsContext(env, { kind: "job", name: "run" })
    for (const runId of queuedIds(batch.messages.map(({ body }) => body)))
      if ((await runJob(ctx, { runId, runnerOf })) === "continues") await announce(ctx, [runId])
  },
} satisfies ExportedHandler<Cloudflare.JobsEnv>
