import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { textArray } from "../../db/bulk.ts"
import { AppError, toAppError } from "../../errors.ts"
import type { StripeApi } from "../../vendors/stripe.ts"
import type { ListPage, ListQuery, StripeLists } from "../../vendors/stripeLists.ts"
import { apiObjects } from "../apply/candidates.ts"
import { digestOf } from "../precedence.ts"
import { isPayload, requiredText } from "../stripe/read.ts"
import { addCounts, applyShown, type Shown, type SyncRun } from "./applyFound.ts"
import { EventWatch } from "./eventWatch.ts"
import { beginning, claimSlice, end, keepSlice, type Slice } from "./slices.ts"
import type { StripeLimit } from "./stripeLimit.ts"
import { type SyncKind, syncKind, syncKinds } from "./syncKinds.ts"

export type ListContext = Context<{ stripe: StripeApi; lists: StripeLists }, "emails">

/** Workers may hold six connections at once; one stays free for keeping the run alive. */
const atOnce = 5
/** How many requests' time to wait for a slice that somebody else may make. */
const idleRequests = 3.5
/** A stretch that probably holds no more than this is not worth dividing. */
const worthDividing = 300
const mostCuts = 5

interface Listing {
  run: SyncRun
  limit: StripeLimit
  watch: EventWatch
  /** Says that somebody is still at it, now and then. */
  alive: () => Promise<void>
  /** When to come to an end though there is more. */
  until: Date
  /** Whether to wait for slices that the run may still make; else only for those that others are at. */
  tillRunEnds: boolean
}

/** Lists slices of a run until there are none, or until `until`; several do it at the same time. Returns whether all is done. */
export async function listSlices(ctx: ListContext, input: Omit<Listing, "watch">): Promise<boolean> {
  const listing = { ...input, watch: new EventWatch(ctx, input.limit) }
  // When one fails the others come to an end with their page: nobody goes on behind the back of a run that has failed.
  const ends = await Promise.allSettled(
    Array.from({ length: atOnce }, () =>
      work(ctx, listing).catch((error: unknown) => {
        listing.until = new Date(0)
        throw error
      }),
    ),
  )
  for (const end of ends) if (end.status === "rejected") throw end.reason
  return ends.every((end) => end.status === "fulfilled" && end.value)
}

async function work(ctx: ListContext, listing: Listing): Promise<boolean> {
  while (ctx.now() < listing.until) {
    const { slice, open, running } = await claimSlice(ctx, listing.run.runId)
    if (!slice && !(listing.tillRunEnds ? running : open)) return true
    await listing.alive()
    if (slice) {
      try {
        await listSlice(ctx, listing, slice)
      } catch (thrown) {
        // Whoever is left meets the same trouble at once, not when the lease has run out.
        await releaseSlice(ctx, slice).catch(() => {})
        throw thrown
      }
    } else
      await new Promise((resolve) =>
        setTimeout(resolve, (idleRequests / listing.limit.perSecond) * 1000 * (0.5 + Math.random())),
      )
  }
  return false
}

async function listSlice(ctx: ListContext, listing: Listing, slice: Slice): Promise<void> {
  const kind = syncKind(slice.kind)
  if (!kind) throw new AppError("internal", `There is no kind of object "${slice.kind}" to list.`)
  for (;;) {
    const page = await listing.limit.run(() => nextPage(ctx, kind, slice, listing.run.first))
    const shown = page.data.map((object) => ({ id: requiredText(object, "id"), object, at: page.at }))
    const seconds = page.data.map(({ created }) => Number(created))
    const last = seconds.at(-1) ?? slice.fromSecond
    const done = !page.hasMore || shown.length === 0
    const [differing, gone] = await Promise.all([
      differingOf(ctx, kind, shown),
      goneOf(ctx, kind, slice, { ids: shown.map(({ id }) => id), last, done }),
    ])
    const suspects = [...differing]
    // One after the other: there are only so many connections, and others list meanwhile.
    for (const id of gone) {
      const verified = await verify(ctx, kind, id, page.at)
      if (verified) suspects.push(verified)
      await listing.alive()
    }
    // What an event tells is left to the event; what is new to us has none that could tell it twice.
    if (suspects.some(({ known }) => known)) await listing.watch.seen()
    const owners = await applyOwners(ctx, listing, kind, suspects)
    const found = addCounts(owners, await applyShown(ctx, { kind, shown: suspects, run: listing.run }))
    const counts = addCounts(addCounts(slice.counts, { pages: 1, [slice.kind]: shown.length }), found)
    await keepSlice(ctx, listing.run.runId, slice, {
      after: shown.at(-1)?.id ?? slice.after,
      afterSecond: last,
      tail: tailOf(kind, slice, shown, seconds, last),
      toSecond: slice.toSecond,
      counts,
      done,
      cuts: done ? [] : cutsOf(kind, slice, seconds),
    })
    await listing.alive()
    if (done || ctx.now() >= listing.until) {
      if (!done) await releaseSlice(ctx, slice)
      return
    }
  }
}

/**
 * In the first run subscriptions come before their customers have been listed, so they bring them along: else each customer
 * would be a request.
 */
const bringsOwners = (kind: SyncKind, first: boolean) => first && kind.table === "subscriptions"

async function nextPage(ctx: ListContext, kind: SyncKind, slice: Slice, first: boolean): Promise<ListPage> {
  const query: ListQuery = { limit: 100, ...kind.query }
  if (bringsOwners(kind, first)) query.expand = [...(kind.query.expand ?? []), "data.customer"]
  if (kind.divided) query.created = { gte: slice.fromSecond, ...(slice.toSecond < end && { lt: slice.toSecond }) }
  try {
    return await ctx.vendors.lists.page(kind.path, {
      ...query,
      ...(slice.after !== null && { starting_after: slice.after }),
    })
  } catch (thrown) {
    // The object that the page would have begun after is gone: begin anew with its second.
    if (toAppError(thrown).code !== "not_found" || slice.after === null || slice.afterSecond === null) throw thrown
    return ctx.vendors.lists.page(kind.path, {
      ...query,
      created: { gte: slice.fromSecond, lt: slice.afterSecond + 1 },
    })
  }
}

async function applyOwners(ctx: ListContext, { run }: Listing, kind: SyncKind, shown: Shown[]) {
  if (!bringsOwners(kind, run.first)) return {}
  const owners = new Map<string, Shown>()
  for (const { object, at } of shown) {
    const owner = object?.customer
    if (isPayload(owner) && typeof owner.id === "string" && owner.deleted !== true)
      owners.set(owner.id, { id: owner.id, object: owner, at })
  }
  const customers = syncKinds.customers
  const unknown = (await differingOf(ctx, customers, [...owners.values()])).filter(({ known }) => !known)
  return applyShown(ctx, { kind: customers, shown: unknown, run })
}

const releaseSlice = (ctx: Context, slice: Slice) =>
  ctx.db.execute(sql`update sync_slices set lease_until = null where id = ${slice.id} and holder = ${slice.holder}`)

/**
 * Where to divide what is left, if what this page shows of how close objects lie says that it is worth it: each part
 * three times as long as the one after it, since nobody knows how far back objects lie as close as these.
 */
function cutsOf(kind: SyncKind, slice: Slice, seconds: number[]): number[] {
  const [newest, oldest] = [seconds[0], seconds.at(-1)]
  if (!kind.divided || newest === undefined || oldest === undefined) return []
  const perSecond = seconds.length / Math.max(1, newest - oldest)
  const cuts: number[] = []
  for (let objects = worthDividing; cuts.length < mostCuts; objects *= 3) {
    const cut = Math.floor(oldest - objects / perSecond)
    if (cut <= Math.max(slice.fromSecond, beginning)) break
    cuts.unshift(cut)
  }
  return cuts.length > 0 ? [slice.fromSecond, ...cuts] : []
}

/** Objects read whose second the next page may go on with; of kinds without seconds of their own, all of them. */
function tailOf(kind: SyncKind, slice: Slice, shown: Shown[], seconds: number[], last: number): string[] {
  const ids = shown.map(({ id }) => id)
  if (!kind.divided) return [...slice.tail, ...ids]
  const ofLast = ids.filter((_, index) => seconds[index] === last)
  return last === slice.afterSecond ? [...slice.tail, ...ofLast] : ofLast
}

const idColumn = (kind: SyncKind): SQL => (kind.table === "customers" ? sql`stripe_id` : sql`id`)

interface Suspect extends Shown {
  /** Whether we have a row of it. */
  known: boolean
}

/** Objects that look other than our rows; an object that cannot be read is among them. */
async function differingOf(ctx: Context, kind: SyncKind, shown: Shown[]): Promise<Suspect[]> {
  const rows = await ctx.db.execute<{ id: string; digest: string }>(sql`
    select ${idColumn(kind)} as id, digest from ${sql.identifier(kind.table)}
    where ${idColumn(kind)} = any(${textArray(shown.map(({ id }) => id))})`)
  const digests = new Map(rows.rows.map(({ id, digest }) => [id, digest]))
  return shown.flatMap((each) => {
    const digest = digests.get(each.id)
    if (digest !== undefined && digest === digestOfShown(kind, each)) return []
    return { ...each, known: digest !== undefined && digest !== "" }
  })
}

function digestOfShown(kind: SyncKind, { object }: Shown): string | null {
  try {
    const snapshot = apiObjects[kind.table].read(object ?? {})
    return digestOf(snapshot.items ? [snapshot.row, snapshot.items] : snapshot.row)
  } catch {
    return null
  }
}

/** Ids of rows of ours that the list should have shown by now, had Stripe still had them, or had they been open still. */
async function goneOf(
  ctx: Context,
  kind: SyncKind,
  slice: Slice,
  page: { ids: string[]; last: number; done: boolean },
): Promise<string[]> {
  const seen = textArray([...slice.tail, ...page.ids])
  const missing = (condition: SQL) => sql`
    select ${idColumn(kind)} as id from ${sql.identifier(kind.table)} where ${condition} and not (${idColumn(kind)} = any(${seen}))`
  let query: SQL | null = null
  if (kind.table === "customers") {
    const from = page.done ? slice.fromSecond : page.last + 1
    const to = slice.afterSecond === null ? slice.toSecond : slice.afterSecond + 1
    if (from < to)
      query = missing(sql`stripe_id is not null and deleted_at is null and erased_at is null
        and created_at >= to_timestamp(${from}) and created_at < to_timestamp(${to})`)
  } else if (page.done && kind.table === "invoices") query = missing(sql`status = 'open'`)
  else if (page.done && (kind.table === "products" || kind.table === "coupons")) query = missing(sql`not settled`)
  if (!query) return []
  const [rows] = await batch(ctx.db, [query])
  return (rows?.rows ?? []).map(({ id }) => String(id))
}

/** What Stripe says of an object that its list did not show; null where it has it still, and a list just leaves it out. */
async function verify(ctx: ListContext, kind: SyncKind, id: string, at: Date): Promise<Suspect | null> {
  const answer = await ctx.vendors.stripe.retrieve(apiObjects[kind.table].path(id))
  if (answer === null || answer.object.deleted === true) return { id, object: null, at, known: true }
  return kind.table === "invoices" ? { id, object: answer.object, at: answer.at, known: true } : null
}
