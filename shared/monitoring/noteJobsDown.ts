import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { textArray } from "../db/bulk.ts"
import { type JobDefinition, jobDefinitions } from "./jobDefinitions.ts"

/**
 * Tells staff, once, of each job whose time has passed by more than its grace, of each run that nobody takes up, and of
 * each that hangs. Of a job that is not defined any more there is nothing to tell.
 */
export async function noteJobsDown(
  ctx: Context,
  definitions: readonly JobDefinition[] = jobDefinitions,
): Promise<void> {
  const now = ctx.now().toISOString()
  await ctx.db.execute(sql`
    with defined as (
      select * from jobs where name = any(${textArray(definitions.map(({ name }) => name))})),
    open as (
      select r.id, r.job, r.created_at, r.started_at, d.grace_minutes, d.maximum_minutes
      from job_runs r join defined d on d.name = r.job where r.finished_at is null)
    insert into staff_notifications (id, key, message, created_at)
    select gen_random_uuid(), 'job:' || name || ':down:' || next_at, 'The job ' || name || ' has not run since its time.', ${now}::timestamptz
    from defined where paused_at is null and next_at + grace_minutes * interval '1 minute' < ${now}
      and not exists (select from open where job = name and started_at is null)
    union all
    select gen_random_uuid(), 'job:' || job || ':waits:' || id, 'A run of the job ' || job || ' waits, and nobody takes it up.', ${now}
    from open where started_at is null and created_at + grace_minutes * interval '1 minute' < ${now}
    union all
    select gen_random_uuid(), 'job:' || job || ':hangs:' || id, 'A run of the job ' || job || ' takes longer than it may.', ${now}
    from open where started_at + maximum_minutes * interval '1 minute' < ${now}
    on conflict (key) do nothing`)
}
