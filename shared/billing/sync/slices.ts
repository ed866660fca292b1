import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { insertRows, jsonb, textArray } from "../../db/bulk.ts"
import { syncSlices } from "../../db/schema/sync.ts"
import { AppError } from "../../errors.ts"
import type { Counts } from "../../monitoring/runJob.ts"
import { syncKinds } from "./syncKinds.ts"

export interface Slice {
  id: string
  kind: string
  phase: number
  fromSecond: number
  toSecond: number
  after: string | null
  afterSecond: number | null
  tail: string[]
  counts: Counts
  holder: string
}

/** Who is at a slice says so with each page, or is taken for dead. */
const leaseMilliseconds = 90_000
/** Stripe opened in 2011. */
const beginning = Date.UTC(2011, 0, 1) / 1000

/** Divides what there is to list, once a run. */
export async function createSlices(ctx: Context, runId: string, until: Date): Promise<void> {
  const end = Math.ceil(until.getTime() / 1000) + 1
  const rows = Object.entries(syncKinds).flatMap(([kind, { phase, slices }]) =>
    Array.from({ length: slices }, (_, index) => ({
      id: crypto.randomUUID(),
      runId,
      kind,
      phase,
      fromSecond: index === 0 ? 0 : cut(index, slices, end),
      toSecond: cut(index + 1, slices, end),
      tail: [],
      counts: {},
    })),
  )
  await ctx.db.execute(sql`${insertRows(syncSlices, rows).statement}
    where not exists (select from sync_slices where run_id = ${runId})`)
}

const cut = (index: number, of: number, end: number) => Math.round(beginning + ((end - beginning) * index) / of)

/** A slice that nobody is at, the widest first; null where there is none. `open`: whether the run has any to wait for. */
export async function claimSlice(ctx: Context, runId: string): Promise<{ slice: Slice | null; open: boolean }> {
  const now = ctx.now()
  const holder = crypto.randomUUID()
  const found = await ctx.db.execute(sql`
    with claimed as (
      update sync_slices set holder = ${holder}, lease_until = ${leaseEnd(now)}
      where id = (
        select id from sync_slices s where run_id = ${runId} and done_at is null
          and coalesce(lease_until, '-infinity') <= ${now.toISOString()}
          and phase = (select min(phase) from sync_slices where run_id = ${runId} and done_at is null)
        order by to_second - from_second desc, id limit 1 for update skip locked)
      returning *)
    select c.*, exists (select from sync_slices where run_id = ${runId} and done_at is null) as open
    from (values (1)) as one left join claimed c on true`)
  const [row] = found.rows
  if (!row?.id) return { slice: null, open: row?.open === true }
  return {
    open: true,
    slice: {
      id: String(row.id),
      kind: String(row.kind),
      phase: Number(row.phase),
      fromSecond: Number(row.from_second),
      toSecond: Number(row.to_second),
      after: row.after === null ? null : String(row.after),
      afterSecond: row.after_second === null ? null : Number(row.after_second),
      tail: Array.isArray(row.tail) ? row.tail.map(String) : [],
      counts: row.counts as Counts,
      holder,
    },
  }
}

const leaseEnd = (now: Date) => new Date(now.getTime() + leaseMilliseconds).toISOString()

/**
 * Writes down how far a slice has come. Where nobody finds another one to take, the part before `splitAt` becomes a slice
 * of its own. Throws `conflict` where somebody else has taken it over.
 */
export async function keepSlice(
  ctx: Context,
  runId: string,
  slice: Slice,
  progress: Pick<Slice, "after" | "afterSecond" | "tail" | "toSecond" | "counts"> & {
    done: boolean
    splitAt: number | null
  },
): Promise<void> {
  const now = ctx.now()
  const { after, afterSecond, tail, toSecond, counts, done, splitAt } = progress
  const kept = await ctx.db.execute<{ from_second: number }>(sql`
    with idle as (
      select ${splitAt}::integer is not null and not exists (
        select from sync_slices where run_id = ${runId} and phase = ${slice.phase} and done_at is null
          and coalesce(lease_until, '-infinity') <= ${now.toISOString()}) as splits),
    mine as (
      update sync_slices set after = ${after}, after_second = ${afterSecond}, tail = ${textArray(tail)}, to_second = ${toSecond},
        counts = ${jsonb(counts)}, lease_until = ${leaseEnd(now)}, done_at = ${done ? now.toISOString() : null},
        from_second = case when (select splits from idle) then ${splitAt}::integer else from_second end
      where id = ${slice.id} and holder = ${slice.holder} and done_at is null
      returning from_second),
    added as (
      insert into sync_slices (id, run_id, kind, phase, from_second, to_second)
      select ${crypto.randomUUID()}::uuid, ${runId}::uuid, ${slice.kind}, ${slice.phase}::integer, ${slice.fromSecond}::integer, ${splitAt}::integer
      from mine where (select splits from idle))
    select from_second from mine`)
  const [row] = kept.rows
  if (!row) throw new AppError("conflict", "Somebody else has taken this slice over.", { details: { leaseLost: true } })
  Object.assign(slice, { after, afterSecond, tail, toSecond, counts, fromSecond: row.from_second })
}

/** What has come of all slices together. */
export async function sumOfSlices(ctx: Context, runId: string): Promise<Counts> {
  const found = await ctx.db.execute<{ name: string; count: string }>(sql`
    select name, sum(value::bigint) as count from sync_slices, jsonb_each_text(counts) as each(name, value)
    where run_id = ${runId} group by name`)
  return Object.fromEntries(found.rows.map(({ name, count }) => [name, Number(count)]))
}
