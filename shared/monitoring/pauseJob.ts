import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { jobDefinition } from "./jobDefinitions.ts"

/**
 * Pauses or resumes a job. A run under way comes to its end; times that pass meanwhile are not made up for. Staff may
 * still have it run now.
 */
export async function pauseJob(ctx: Context, input: { job: string; paused: boolean }): Promise<void> {
  requirePermission(ctx, "jobs:run")
  const { job, paused } = input
  if (!jobDefinition(job)) throw new AppError("not_found", `There is no job "${job}".`)
  const wrong = paused ? sql`paused_at is null` : sql`paused_at is not null`
  const [, changed] = await batch(ctx.db, [
    auditEntry(ctx, {
      action: paused ? "job.paused" : "job.resumed",
      subject: { type: "job", id: job },
      where: sql`exists (select from jobs where name = ${job} and ${wrong})`,
    }),
    sql`update jobs set paused_at = case when ${paused}::boolean then coalesce(paused_at, ${ctx.now().toISOString()}::timestamptz) end,
      next_at = case when ${paused}::boolean or paused_at is null then next_at end where name = ${job} returning name`,
  ])
  if (changed?.rows.length === 0)
    throw new AppError("conflict", "This job has not been seen by the jobs Worker yet. Try again in a few minutes.")
}
