import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import { textArray } from "../../db/bulk.ts"
import type { Counts, JobPart, PartResult } from "../../monitoring/runJob.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { actorName } from "../../staff/actorName.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import type { SyncRun } from "./applyFound.ts"
import { type ListContext, listSlices } from "./listSlices.ts"
import { countRecovered, newsSince, recoverEvents } from "./recoverEvents.ts"
import { createSlices, sumOfSlices } from "./slices.ts"
import { StripeLimit } from "./stripeLimit.ts"

/** Jobs that help with a sync: six connections are not enough for Stripe's rate limit, and each Worker has but six. */
export const syncHelpers = ["stripe-sync:2", "stripe-sync:3"]

const cursorOf = z.catch(
  z.object({
    newsSince: z.string(),
    first: z.boolean(),
    events: z.record(z.string(), z.number()),
    /** How far events have been read; null when all are. */
    reading: z._default(z.unknown(), null),
  }),
  {
    newsSince: "",
    first: false,
    events: {},
    reading: null,
  },
)
type SyncCursor = z.infer<typeof cursorOf>
const helperCursor = z.object({ parent: z.uuid(), newsSince: z.string(), first: z.boolean() })

/** How often somebody who is at it says so. */
const aliveMilliseconds = 15_000

/**
 * Compares all that Ops HQ keeps of Stripe with Stripe and mends what differs. First come the events that no webhook
 * brought; then everything is listed, by this invocation and its helpers together.
 */
export async function syncStripe(
  outer: ListContext,
  part: JobPart,
  begin: (runIds: string[]) => Promise<void>,
): Promise<PartResult> {
  const limit = new StripeLimit(outer, outer.vendors.lists.requestsPerSecond)
  const ctx = limited(outer, limit)
  let cursor = part.cursor === null ? null : cursorOf.parse(part.cursor)
  if (cursor === null) {
    await limit.reset()
    const first =
      (await ctx.db.execute(sql`select from job_runs where job = 'stripe-sync' and outcome = 'succeeded' limit 1`))
        .rowCount === 0
    const since = await newsSince(ctx)
    cursor = { newsSince: since.toISOString(), first, events: {}, reading: "from the beginning" }
    await part.keep({ cursor, counts: {} })
  }
  if (cursor.reading !== null) {
    await begin(await startHelpers(ctx, part, cursor))
    if (!(await readEvents(ctx, limit, part, cursor))) return { counts: cursor.events, cursor }
  }
  // Those of the run before may just have been about to end.
  await begin(await startHelpers(ctx, part, cursor))
  const { events, first } = cursor
  const run: SyncRun = { runId: part.runId, newsSince: new Date(cursor.newsSince), first }
  const counts = async (): Promise<Counts> => ({ ...events, ...(await sumOfSlices(ctx, part.runId)) })
  const alive = throttled(async () => part.keep({ cursor, counts: await counts() }))
  await createSlices(ctx, part.runId)
  const done = await listSlices(ctx, { run, limit, alive, until: part.until, tillRunEnds: false })
  if (!done) return { counts: await counts(), cursor }
  // Of those that were young, webhooks may have come meanwhile.
  const eventsRecovered = Math.min(events.eventsRecovered ?? 0, await countRecovered(ctx, part.startedAt))
  const total = { ...(await counts()), eventsRecovered }
  if (!first) await noteDrift(ctx, part.runId, total)
  return { counts: total }
}

/** The events that no webhook brought. Returns whether there was time for all of them. */
async function readEvents(ctx: ListContext, limit: StripeLimit, part: JobPart, cursor: SyncCursor): Promise<boolean> {
  const { read, recovered, ...more } = await recoverEvents(ctx, {
    limit,
    all: true,
    cursor: cursor.reading,
    until: part.until,
    keep: (reading, counts) => {
      cursor.reading = reading
      cursor.events = { eventsRead: counts.read, eventsRecovered: counts.recovered }
      return part.keep({ cursor, counts: cursor.events })
    },
  })
  cursor.reading = more.cursor
  cursor.events = { eventsRead: read, eventsRecovered: recovered }
  await part.keep({ cursor, counts: cursor.events })
  return cursor.reading === null
}

/** Single objects are asked for in turn with the lists. */
const limited = (ctx: ListContext, limit: StripeLimit): ListContext => ({
  ...ctx,
  vendors: {
    ...ctx.vendors,
    stripe: { retrieve: (path) => limit.run(() => ctx.vendors.stripe.retrieve(path)) },
  },
})

/** Tells staff where more differed than the settings allow: webhooks do not come, or something writes past them. */
async function noteDrift(ctx: ListContext, runId: string, counts: Counts): Promise<void> {
  const { sync } = parseSettings(await selectSettings(ctx.db))
  const differed = (counts.missing ?? 0) + (counts.changed ?? 0) + (counts.deleted ?? 0)
  const parts = [
    ...(differed > sync.mostDifferences ? [`${differed} objects of Stripe differed from ours`] : []),
    ...((counts.eventsRecovered ?? 0) > sync.mostDifferences ? [`${counts.eventsRecovered} events never arrived`] : []),
    ...(counts.unreadable ? [`${counts.unreadable} objects could not be read`] : []),
  ]
  if (parts.length > 0)
    await ctx.db.execute(
      notifyStaff(ctx, {
        key: `stripe-sync:${runId}`,
        message: `Stripe sync: ${parts.join(", ")}. What differed is mended.`,
      }),
    )
}

/** A part of a sync by one of its helpers. */
export async function helpSync(outer: ListContext, part: JobPart): Promise<PartResult> {
  const limit = new StripeLimit(outer, outer.vendors.lists.requestsPerSecond)
  const ctx = limited(outer, limit)
  const { parent, newsSince: since, first } = helperCursor.parse(part.cursor)
  const run: SyncRun = { runId: parent, newsSince: new Date(since), first }
  const alive = throttled(() => part.keep({ cursor: part.cursor, counts: {} }))
  const done = await listSlices(ctx, { run, limit, alive, until: part.until, tillRunEnds: true })
  return done ? { counts: {} } : { counts: {}, cursor: part.cursor }
}

/** Those that have come to their end, or have not begun; they wait for slices until the run ends. */
async function startHelpers(
  ctx: ListContext,
  part: JobPart,
  run: { newsSince: string; first: boolean },
): Promise<string[]> {
  const own = { parent: part.runId, newsSince: run.newsSince, first: run.first }
  const started = await ctx.db.execute<{ id: string }>(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at, cursor)
    select gen_random_uuid(), job, 'cron', ${actorName(ctx.actor)}, ${ctx.now().toISOString()}::timestamptz, ${JSON.stringify(own)}::jsonb
    from unnest(${textArray(syncHelpers)}) as job
    on conflict do nothing returning id`)
  return started.rows.map(({ id }) => id)
}

/** `work` at most every so often, one at a time. */
function throttled(work: () => Promise<void>): () => Promise<void> {
  let last = Date.now()
  return async () => {
    if (Date.now() - last < aliveMilliseconds) return
    last = Date.now()
    await work()
  }
}
