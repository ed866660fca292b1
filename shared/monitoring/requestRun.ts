import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"
import { actorLabel } from "../staff/actorLabel.ts"
import { actorName } from "../staff/actorName.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { jobDefinition } from "./jobDefinitions.ts"

/**
 * Has a job run now, for staff; asking twice with one `runId` is asking once. Returns the run under way where there is
 * one. Throws `not_found` for a job that there is not.
 */
export async function requestRun(
  ctx: Context<object, "jobs">,
  input: { job: string; runId: string },
): Promise<{ runId: string }> {
  requirePermission(ctx, "jobs:run")
  const { job, runId } = input
  if (!jobDefinition(job)) throw new AppError("not_found", `There is no job "${job}".`)
  if (!z.uuid().safeParse(runId).success) throw new AppError("bad_request", "The form has no id. Open the page again.")
  const results = await batch(ctx.db, [
    sql`insert into job_runs (id, job, trigger, requested_by, requested_by_label, created_at)
      values (${runId}, ${job}, 'staff', ${actorName(ctx.actor)}, ${actorLabel(ctx.actor)}, ${ctx.now().toISOString()})
      on conflict do nothing`,
    auditEntry(ctx, {
      action: "job.requested",
      subject: { type: "job", id: job },
      after: { run: runId },
      where: sql`exists (select from job_runs where id = ${runId} and started_at is null)`,
    }),
    sql`select id from job_runs where job = ${job} and (id = ${runId} or finished_at is null)
      order by (id = ${runId}) desc limit 1`,
  ])
  const found = results.at(-1)?.rows[0]
  if (!found) throw new AppError("conflict", "The run that was under way has just ended. Try again.")
  try {
    await ctx.queues.jobs.send({ ids: [String(found.id)] })
  } catch (error) {
    ctx.log.warn("run not queued; the next tick takes it up", { job, run: String(found.id), error: String(error) })
  }
  return { runId: String(found.id) }
}
