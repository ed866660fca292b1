import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/** Tells staff, once, of each job whose time has passed by more than its grace, and of each run that hangs. */
export async function noteJobsDown(ctx: Context): Promise<void> {
  const now = ctx.now().toISOString()
  await ctx.db.execute(sql`
    insert into staff_notifications (id, key, message, created_at)
    select gen_random_uuid(), 'job:' || name || ':down:' || next_at, 'The job ' || name || ' has not run since its time.', ${now}::timestamptz
    from jobs where paused_at is null and next_at + grace_minutes * interval '1 minute' < ${now}
    union all
    select gen_random_uuid(), 'job:' || r.job || ':hangs:' || r.id, 'A run of the job ' || r.job || ' takes longer than it may.', ${now}
    from job_runs r join jobs j on j.name = r.job
    where r.finished_at is null and r.started_at + j.maximum_minutes * interval '1 minute' < ${now}
    on conflict (key) do nothing`)
}
