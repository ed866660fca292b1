import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { textArray } from "../db/bulk.ts"
import { isInstant } from "../db/isInstant.ts"
import { isUuid } from "../db/isUuid.ts"
import type { jobOutcomes, jobTriggers } from "../db/schema/monitoring.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { type JobDefinition, jobDefinition, jobDefinitions } from "./jobDefinitions.ts"
import { type JobState, jobState } from "./jobState.ts"
import type { Counts } from "./runJob.ts"

export interface JobRun {
  id: string
  trigger: (typeof jobTriggers)[number]
  /** Who asked for it; null for the schedule. */
  requestedBy: string | null
  scheduledFor: Date | null
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  outcome: (typeof jobOutcomes)[number] | null
  counts: Counts
  error: string | null
}

export interface ListedJob {
  definition: JobDefinition
  state: JobState
  nextAt: Date | null
  paused: boolean
  /** Unfinished, if there is one. */
  running: JobRun | null
  /** Finished, the latest first. */
  runs: JobRun[]
}

/** Runs that the line of outcomes shows. */
const shownInLine = 30
const pageSize = 50

const runColumns = sql`
  r.id, r.job, r.trigger, case when r.trigger = 'staff' then coalesce(r.requested_by_label, r.requested_by) end as requested_by,
  r.scheduled_for, r.created_at, r.created_at::text as created_text, r.started_at, r.finished_at, r.outcome, r.counts, r.error`

/** Every job with how it is, in one round trip. */
export async function listJobs(ctx: Context): Promise<ListedJob[]> {
  requirePermission(ctx, "jobs:read")
  const [rows, unfinished, lately] = await batch(ctx.db, stateOf(jobDefinitions.map(({ name }) => name)))
  return jobDefinitions.map((definition) => jobOf(definition, ctx.now(), rows, unfinished, lately))
}

/**
 * A job with one page of its history and, if named, one run of it, in one round trip. Throws `not_found` for a job that
 * there is not.
 */
export async function jobDetail(
  ctx: Context,
  input: { job: string; runId?: string | undefined; after?: string | undefined },
): Promise<{ job: ListedJob; asked: JobRun | null; history: JobRun[]; next: string | null }> {
  requirePermission(ctx, "jobs:read")
  const definition = jobDefinition(input.job)
  if (!definition) throw new AppError("not_found", `There is no job "${input.job}".`)
  const { name } = definition
  const cursor = readCursor(input.after)
  const results = await batch(ctx.db, [
    ...stateOf([name]),
    sql`select ${runColumns} from job_runs r where job = ${name} and id = ${input.runId ?? null}::uuid`,
    sql`select ${runColumns} from job_runs r where job = ${name}
      and ${cursor ? sql`(created_at, id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)` : sql`true`}
      order by created_at desc, id desc limit ${pageSize + 1}`,
  ])
  const [rows, unfinished, lately, asked, history] = results
  const shown = (history?.rows ?? []).slice(0, pageSize)
  const last = shown.at(-1)
  const more = (history?.rows.length ?? 0) > pageSize
  return {
    job: jobOf(definition, ctx.now(), rows, unfinished, lately),
    asked: asked?.rows[0] ? runOf(asked.rows[0]) : null,
    history: shown.map(runOf),
    next: more && last ? JSON.stringify([last.created_text, last.id]) : null,
  }
}

const stateOf = (names: string[]): SQL[] => [
  sql`select name, next_at, paused_at from jobs where name = any(${textArray(names)})`,
  sql`select ${runColumns} from job_runs r where finished_at is null and job = any(${textArray(names)})`,
  sql`
    select lately.* from unnest(${textArray(names)}) as named(job) cross join lateral (
      select ${runColumns} from job_runs r where r.job = named.job and finished_at is not null
      order by created_at desc, id desc limit ${shownInLine}) as lately`,
]

type Found = { rows: Record<string, unknown>[] } | undefined

function jobOf(definition: JobDefinition, now: Date, rows: Found, unfinished: Found, lately: Found): ListedJob {
  const { name, graceMinutes, maximumMinutes } = definition
  const row = rows?.rows.find((each) => each.name === name)
  const ofJob = (found: Found) => (found?.rows ?? []).filter(({ job }) => job === name).map(runOf)
  const [running = null] = ofJob(unfinished)
  const runs = ofJob(lately)
  const nextAt = time(row?.next_at)
  const pausedAt = time(row?.paused_at)
  const facts = {
    pausedAt,
    nextAt,
    graceMinutes,
    maximumMinutes,
    runningSince: running?.startedAt ?? null,
    waitingSince: running && !running.startedAt ? (running.scheduledFor ?? running.createdAt) : null,
    lastOutcome: runs[0]?.outcome ?? null,
  }
  return { definition, state: jobState(facts, now), nextAt, paused: pausedAt !== null, running, runs }
}

const time = (value: unknown): Date | null => (value ? new Date(String(value)) : null)

const runOf = (row: Record<string, unknown>): JobRun => ({
  id: String(row.id),
  trigger: row.trigger as JobRun["trigger"],
  requestedBy: row.requested_by === null ? null : String(row.requested_by),
  scheduledFor: time(row.scheduled_for),
  createdAt: time(row.created_at) ?? new Date(0),
  startedAt: time(row.started_at),
  finishedAt: time(row.finished_at),
  outcome: row.outcome as JobRun["outcome"],
  counts: row.counts as Counts,
  error: row.error === null ? null : String(row.error),
})

function readCursor(after: string | undefined): [string, string] | null {
  try {
    const [at, id] = JSON.parse(after ?? "[]")
    return typeof at === "string" && isInstant(at) && isUuid(String(id)) ? [at, String(id)] : null
  } catch {
    return null
  }
}
