import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { jsonb } from "../db/bulk.ts"
import type { jobTriggers } from "../db/schema/monitoring.ts"
import { AppError, toAppError } from "../errors.ts"
import { notifyStaff } from "../staff/notifyStaff.ts"

export type Counts = Record<string, number>

/** A part of a run: what one invocation of a Worker does of it. */
export interface JobPart {
  runId: string
  trigger: (typeof jobTriggers)[number]
  startedAt: Date
  /** Where an earlier part stopped; null at the beginning. */
  cursor: unknown
  /** What earlier parts counted. */
  counts: Counts
  /** From then on a part should come to an end, for the next to go on. */
  until: Date
  /**
   * Writes progress down and keeps the run for another while; what was written before is no progress. Throws `conflict`
   * where somebody else has taken it over.
   */
  keep(progress: { cursor: unknown; counts: Counts }): Promise<void>
}

/** With a cursor there is more to do. */
export interface PartResult {
  counts: Counts
  cursor?: unknown
}

export type JobRunner<Ctx> = (ctx: Ctx, part: JobPart) => Promise<PartResult>

export interface KnownJob<Ctx> {
  runner: JobRunner<Ctx>
  /** How often a run is taken up again, for as long as it makes no progress. */
  attempts: number
  /** Its failure is met, and told, by the run that it helps. */
  helper?: true
}

/** Who is at a run says so again within this time, or is taken for dead. */
const leaseMilliseconds = 3 * 60_000
/**
 * Cloudflare gives an invocation 10,000 requests to others, the database among them, and 30 seconds of processor time: in
 * this long the busiest job needs two thirds of either.
 */
const partMilliseconds = 90_000
/** Waits before a run that failed is taken up again, in minutes: by attempts. */
const backoffMinutes = [1, 2, 5, 10, 20]

export type RunEnd = "succeeded" | "failed" | "continues" | "retries" | "not mine"

/**
 * Does a part of a run, if nobody else is at it. A run that fails or dies is taken up again from its cursor, as often as
 * the job allows without progress.
 */
export async function runJob<Ctx extends Context>(
  ctx: Ctx,
  input: { runId: string; find: (job: string) => KnownJob<Ctx> | undefined },
): Promise<RunEnd> {
  const held = await hold(ctx, input.runId)
  if (!held) return "not mine"
  const started = ctx.now().getTime()
  const known = input.find(held.job)
  const part = await work(ctx, held, known)
  await settle(ctx, held, { ...part, told: known?.helper === true })
  const { end, counts, error } = part
  ctx.log[end === "failed" ? "error" : "info"]("job", {
    job: held.job,
    run: input.runId,
    end,
    counts,
    milliseconds: ctx.now().getTime() - started,
    ...(error !== undefined && { error }),
  })
  return end
}

interface Ended {
  end: RunEnd
  counts: Counts
  cursor?: unknown
  error?: string
}

async function work<Ctx extends Context>(
  ctx: Ctx,
  { part, job, attempts, lastError }: Held,
  known: KnownJob<Ctx> | undefined,
): Promise<Ended> {
  const ended = (end: RunEnd, error: string): Ended => ({ end, counts: part.counts, error })
  if (!known) return ended("failed", `There is no job "${job}" any more.`)
  if (attempts > known.attempts) return ended("failed", lastError ?? "Whoever was at it died, again and again.")
  try {
    const { counts, cursor } = await known.runner(ctx, part)
    return { end: cursor === undefined || cursor === null ? "succeeded" : "continues", counts, cursor }
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.details.leaseLost === true) return ended("not mine", error.message)
    return ended(error.retry && attempts < known.attempts ? "retries" : "failed", error.message)
  }
}

interface Held {
  part: JobPart
  job: string
  holder: string
  attempts: number
  /** Why the attempt before came to nothing, if it said. */
  lastError: string | null
}

async function hold(ctx: Context, runId: string): Promise<Held | null> {
  const now = ctx.now()
  const holder = crypto.randomUUID()
  const leaseUntil = () => new Date(ctx.now().getTime() + leaseMilliseconds).toISOString()
  const found = await ctx.db.execute<{
    job: string
    trigger: JobPart["trigger"]
    started_at: string
    cursor: unknown
    counts: Counts
    attempts: number
    error: string | null
  }>(sql`
    update job_runs set holder = ${holder}, lease_until = ${leaseUntil()}, attempts = attempts + 1,
      started_at = coalesce(started_at, ${now.toISOString()})
    where id = ${runId} and finished_at is null and coalesce(lease_until, '-infinity') <= ${now.toISOString()}
    returning job, trigger, started_at, cursor, counts, attempts, error`)
  const [row] = found.rows
  if (!row) return null
  const part: JobPart = {
    runId,
    trigger: row.trigger,
    startedAt: new Date(row.started_at),
    cursor: row.cursor,
    counts: row.counts,
    until: new Date(now.getTime() + partMilliseconds),
    async keep({ cursor, counts }) {
      const kept = await ctx.db.execute(sql`
        update job_runs set cursor = ${jsonb(cursor)}, counts = ${jsonb(counts)}, lease_until = ${leaseUntil()},
          attempts = case when (cursor, counts) is distinct from (${jsonb(cursor)}, ${jsonb(counts)}) then 1 else attempts end,
          error = case when (cursor, counts) is distinct from (${jsonb(cursor)}, ${jsonb(counts)}) then null else error end
        where id = ${runId} and holder = ${holder} and finished_at is null`)
      if (kept.rowCount === 0)
        throw new AppError("conflict", "Somebody else has taken this run over.", { details: { leaseLost: true } })
      part.counts = counts
    },
  }
  return { part, job: row.job, holder, attempts: row.attempts, lastError: row.error }
}

async function settle(
  ctx: Context,
  { part, holder, job, attempts }: Held,
  ended: Ended & { told: boolean },
): Promise<void> {
  const { end, counts, cursor, error = null, told } = ended
  const now = ctx.now()
  const mine = sql`id = ${part.runId} and holder = ${holder} and finished_at is null`
  if (end === "not mine") return
  if (end === "continues")
    await ctx.db.execute(sql`
      update job_runs set cursor = ${jsonb(cursor)}, counts = ${jsonb(counts)}, attempts = 0, error = null, holder = null,
        lease_until = null where ${mine}`)
  else if (end === "retries")
    await ctx.db.execute(sql`
      update job_runs set error = ${error}, holder = null,
        lease_until = ${new Date(now.getTime() + (backoffMinutes[attempts - 1] ?? 20) * 60_000).toISOString()} where ${mine}`)
  else
    await batch(ctx.db, [
      sql`update job_runs set finished_at = ${now.toISOString()}, outcome = ${end}, error = ${error}, counts = ${jsonb(counts)},
        cursor = null, holder = null, lease_until = null where ${mine}`,
      ...(end === "failed" && !told
        ? // Once a day: what runs every two minutes would drown everything else.
          [
            notifyStaff(ctx, {
              key: `job:${job}:failed:${now.toISOString().slice(0, 10)}`,
              message: `The job ${job} failed: ${error}`,
            }),
          ]
        : []),
    ])
}
