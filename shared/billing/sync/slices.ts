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
export const beginning = Date.UTC(2011, 0, 1) / 1000
/** Whatever Stripe's clock says: the newest slice has no end. */
export const end = 2_147_483_647
/** As many as list at the same time; each slice of whole pages, with a little room for what has come since. */
const slicesOfKind = 15
const pageSize = 100
const room = 5

/** Where to divide when nothing is known: days ago. Where a guess leaves a slice empty, it costs one request. */
const guessedDays = [4 * 365, 2 * 365, 365, 240, 120, 60]

/**
 * Divides what there is to list, once a run: into as many objects each as far as our own rows can tell how they lie in
 * time, else by a guess; slices are divided further as it goes.
 */
export async function createSlices(ctx: Context, runId: string): Promise<void> {
  const found = await ctx.db.execute<{ seconds: number[] }>(sql`
    with known as (
      select extract(epoch from created_at)::integer as second, row_number() over (order by created_at) as place, count(*) over () as objects
      from customers where stripe_id is not null and created_at > to_timestamp(${beginning})),
    size as (
      select greatest(1, ceil(max(objects)::numeric / ${slicesOfKind}::integer / ${pageSize}::integer))::integer * ${pageSize}::integer - ${room}::integer as objects from known)
    select coalesce(array_agg(distinct second), '{}') as seconds from known
    where place % (select objects from size) = 0`)
  const known = (found.rows[0]?.seconds ?? []).map(Number).sort((a, b) => a - b)
  const today = Math.floor(ctx.now().getTime() / 1000)
  if (known.length === 0) known.push(...guessedDays.map((days) => today - days * 86_400))
  const rows = Object.entries(syncKinds).flatMap(([kind, { divided }]) => {
    const cuts = [0, ...(divided ? known : []), end]
    return cuts.slice(1).map((toSecond, index) => ({
      id: crypto.randomUUID(),
      runId,
      kind,
      fromSecond: cuts[index] ?? 0,
      toSecond,
      tail: [],
      counts: {},
    }))
  })
  await ctx.db.execute(sql`${insertRows(syncSlices, rows).statement}
    where not exists (select from sync_slices where run_id = ${runId})`)
}

/**
 * A slice that nobody is at, the widest first; null where there is none, or the run is over. `open`: whether there are any
 * that are not done. `running`: whether the run goes on.
 */
export async function claimSlice(
  ctx: Context,
  runId: string,
): Promise<{ slice: Slice | null; open: boolean; running: boolean }> {
  const now = ctx.now()
  const holder = crypto.randomUUID()
  const found = await ctx.db.execute(sql`
    with run as (select from job_runs where id = ${runId} and finished_at is null),
    claimed as (
      update sync_slices set holder = ${holder}, lease_until = ${leaseEnd(now)}
      where id = (
        select id from sync_slices s where run_id = ${runId} and done_at is null
          and coalesce(lease_until, '-infinity') <= ${now.toISOString()} and exists (select from run)
        order by to_second - from_second desc, id limit 1 for update skip locked)
      returning *)
    select c.*, exists (select from run) and exists (select from sync_slices where run_id = ${runId} and done_at is null) as open,
      exists (select from run) as running
    from (values (1)) as one left join claimed c on true`)
  const [row] = found.rows
  const running = row?.running === true
  if (!row?.id) return { slice: null, open: row?.open === true, running }
  return {
    open: true,
    running,
    slice: {
      id: String(row.id),
      kind: String(row.kind),
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
 * Writes down how far a slice has come. Where nobody finds another one to take, the parts between `cuts` (seconds, the
 * first one where the slice begins) become slices of their own, and it keeps what is after the last. Throws `conflict` where somebody else has
 * taken it over, or the run has ended.
 */
export async function keepSlice(
  ctx: Context,
  runId: string,
  slice: Slice,
  progress: Pick<Slice, "after" | "afterSecond" | "tail" | "toSecond" | "counts"> & {
    done: boolean
    cuts: number[]
  },
): Promise<void> {
  const now = ctx.now()
  const { after, afterSecond, tail, toSecond, counts, done, cuts } = progress
  const last = cuts.at(-1) ?? slice.fromSecond
  const kept = await ctx.db.execute<{ from_second: number }>(sql`
    with idle as (
      select ${cuts.length > 1}::boolean and not exists (
        select from sync_slices where run_id = ${runId} and done_at is null
          and coalesce(lease_until, '-infinity') <= ${now.toISOString()}) as splits),
    mine as (
      update sync_slices set after = ${after}, after_second = ${afterSecond}, tail = ${textArray(tail)}, to_second = ${toSecond},
        counts = ${jsonb(counts)}, lease_until = ${leaseEnd(now)}, done_at = ${done ? now.toISOString() : null},
        from_second = case when (select splits from idle) then ${last}::integer else from_second end
      where id = ${slice.id} and holder = ${slice.holder} and done_at is null
        and exists (select from job_runs where id = ${runId} and finished_at is null)
      returning from_second),
    added as (
      insert into sync_slices (id, run_id, kind, from_second, to_second)
      select gen_random_uuid(), ${runId}::uuid, ${slice.kind}, part.from_second, part.to_second
      from (select cut as from_second, lead(cut) over (order by cut) as to_second from unnest(${sql.param(cuts)}::integer[]) as cut) as part
      where part.to_second is not null and (select splits from idle) and exists (select from mine))
    select from_second from mine`)
  const [row] = kept.rows
  if (!row)
    throw new AppError("conflict", "Somebody else has taken this slice over, or its run has ended.", {
      details: { leaseLost: true },
    })
  Object.assign(slice, { after, afterSecond, tail, toSecond, counts, fromSecond: row.from_second })
}

/** What has come of all slices together. */
export async function sumOfSlices(ctx: Context, runId: string): Promise<Counts> {
  const found = await ctx.db.execute<{ name: string; count: string }>(sql`
    select name, sum(value::bigint) as count from sync_slices, jsonb_each_text(counts) as each(name, value)
    where run_id = ${runId} group by name`)
  return Object.fromEntries(found.rows.map(({ name, count }) => [name, Number(count)]))
}
