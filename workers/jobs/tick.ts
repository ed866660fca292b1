import type { Context } from "../../shared/context.ts"
import { noteJobsDown } from "../../shared/monitoring/noteJobsDown.ts"
import { noteSyncStale } from "../../shared/monitoring/noteSyncStale.ts"
import { startDueJobs } from "../../shared/monitoring/startDueJobs.ts"
import { announceRuns } from "./runners.ts"

/**
 * Starts what is due and says what is wrong with jobs; whatever fails of it, the rest is done. Runs that could not be
 * announced are announced by the next tick. Throws the first error when all is done.
 */
export async function tick(ctx: Context<object, "jobs">): Promise<void> {
  const errors: unknown[] = []
  const steps = [
    async () => announceRuns(ctx, await startDueJobs(ctx)),
    () => noteJobsDown(ctx),
    () => noteSyncStale(ctx),
  ]
  for (const step of steps)
    await step().catch((error: unknown) => {
      errors.push(error)
    })
  if (errors.length > 0) throw errors[0]
}
