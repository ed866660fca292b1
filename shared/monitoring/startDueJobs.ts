import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { actorName } from "../staff/actorName.ts"
import { type JobDefinition, jobDefinitions } from "./jobDefinitions.ts"
import { lastSlot, nextSlot } from "./schedule.ts"

/** A run that begins later than this after its time makes up for one that was missed. */
const catchUpAfterMilliseconds = 10 * 60_000

/**
 * Records a run of each job whose time has come, once however many ask at the same time, and of several times that were
 * missed for the last only. Returns the runs that wait for somebody: these, those asked for, and those that somebody
 * died over.
 */
export async function startDueJobs(
  ctx: Context,
  definitions: readonly JobDefinition[] = jobDefinitions,
): Promise<string[]> {
  const now = ctx.now()
  const known = await ctx.db.execute<{
    name: string
    schedule: string
    grace_minutes: number
    maximum_minutes: number
    next_at: string | null
    paused: boolean
  }>(sql`select name, schedule, grace_minutes, maximum_minutes, next_at, paused_at is not null as paused from jobs`)
  const rows = new Map(known.rows.map((row) => [row.name, row]))
  const statements = definitions.flatMap((definition): SQL[] => {
    const row = rows.get(definition.name)
    const nextAt = row?.next_at ? new Date(row.next_at) : null
    if (!row || !nextAt || row.schedule !== scheduleOf(definition)) return [planJob(ctx, definition)]
    const { graceMinutes, maximumMinutes } = definition
    const asDefined = row.grace_minutes === graceMinutes && row.maximum_minutes === maximumMinutes
    return [
      ...(asDefined ? [] : [planJob(ctx, definition)]),
      ...(row.paused || nextAt > now ? [] : startRun(ctx, definition, nextAt)),
    ]
  })
  const waiting = sql`
    select id from job_runs where finished_at is null and coalesce(lease_until, '-infinity') <= ${now.toISOString()}
    order by created_at, id`
  const results = await batch(ctx.db, [...statements, waiting])
  return (results.at(-1)?.rows ?? []).map(({ id }) => String(id))
}

const scheduleOf = ({ cron, timeZone }: JobDefinition) => `${cron} ${timeZone}`

/** When a job is seen first, resumed, or has another schedule, its time is the next one from now. */
function planJob(ctx: Context, definition: JobDefinition): SQL {
  const { name, graceMinutes, maximumMinutes } = definition
  const now = ctx.now()
  return sql`
    insert into jobs as j (name, schedule, grace_minutes, maximum_minutes, next_at, created_at)
    values (${name}, ${scheduleOf(definition)}, ${graceMinutes}, ${maximumMinutes},
      ${nextSlot(definition, now).toISOString()}, ${now.toISOString()})
    on conflict (name) do update set schedule = excluded.schedule, grace_minutes = excluded.grace_minutes,
      maximum_minutes = excluded.maximum_minutes,
      next_at = case when j.next_at is null or j.schedule <> excluded.schedule then excluded.next_at else j.next_at end
    where j.next_at is null or (j.schedule, j.grace_minutes, j.maximum_minutes)
      <> (excluded.schedule, excluded.grace_minutes, excluded.maximum_minutes)`
}

/** While a run of the job is unfinished none begins, and its time stays as it is: it begins when the other has ended. */
function startRun(ctx: Context, definition: JobDefinition, nextAt: Date): SQL[] {
  const { name } = definition
  const now = ctx.now()
  const slot = lastSlot(definition, nextAt, now)
  const late = now.getTime() - slot.getTime() > catchUpAfterMilliseconds || slot > nextAt
  const at = now.toISOString()
  return [
    sql`
      insert into job_runs (id, job, trigger, requested_by, scheduled_for, created_at)
      select ${crypto.randomUUID()}::uuid, ${name}, ${late ? "catch-up" : "cron"}, ${actorName(ctx.actor)}, ${slot.toISOString()}::timestamptz, ${at}::timestamptz
      where exists (select from jobs where name = ${name} and next_at = ${nextAt.toISOString()} and paused_at is null)
      on conflict do nothing`,
    sql`
      update jobs set next_at = ${nextSlot(definition, now).toISOString()}
      where name = ${name} and next_at = ${nextAt.toISOString()}
        and exists (select from job_runs where job = ${name} and scheduled_for = ${slot.toISOString()})`,
  ]
}
