import { sql } from "drizzle-orm"
import fc from "fast-check"
import { beforeEach, describe, expect, test } from "vitest"
import * as z from "zod/mini"
import { eventsPage } from "../../shared/billing/sync/eventsPage.ts"
import { recoverEvents } from "../../shared/billing/sync/recoverEvents.ts"
import { StripeLimit } from "../../shared/billing/sync/stripeLimit.ts"
import { syncStripe } from "../../shared/billing/sync/syncStripe.ts"
import { AppError } from "../../shared/errors.ts"
import { type JobRunner, runJob } from "../../shared/monitoring/runJob.ts"
import type { ListPage, ListQuery, StripeLists } from "../../shared/vendors/stripeLists.ts"
import { type JobsContext, runners } from "../../workers/jobs/runners.ts"
import { listPage } from "../fakes/stripe/http/listPage.ts"
import { StripeError } from "../fakes/stripe/stripeError.ts"
import { store, stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")
const nowSeconds = now.getTime() / 1000

interface StripeEvent {
  id: string
  type: string
  created: number
  data: { object: { id: string; created: number } }
  [field: string]: unknown
}

/** A change of one product after the other, oldest first, so many seconds ago. */
const told = (secondsAgo: number[]): StripeEvent[] =>
  secondsAgo
    .toSorted((a, b) => b - a)
    .map((ago, index) => ({
      id: `evt_${index}`,
      object: "event",
      type: "product.created",
      created: nowSeconds - ago,
      livemode: false,
      data: {
        object: {
          id: `prod_${index}`,
          object: "product",
          name: `Product ${index}`,
          active: true,
          created: nowSeconds - ago,
        },
      },
    }))

/** Stripe's list of `events`; `onPage` happens before each answer. */
function listing(events: StripeEvent[], onPage: () => Promise<void> | void = () => {}) {
  const asked: ListQuery[] = []
  const lists: StripeLists = {
    requestsPerSecond: 1000,
    async page(path, query): Promise<ListPage> {
      if (path === "/v1/products") {
        const products = listPage(
          events.map(({ data }) => data.object),
          query,
          { url: path },
        )
        return { data: products.data, hasMore: products.has_more, at: now }
      }
      if (path !== "/v1/events") return { data: [], hasMore: false, at: now }
      asked.push(query)
      await onPage()
      const { limit, starting_after, ending_before, created } = query
      try {
        const { data, has_more: hasMore } = listPage(
          events,
          { limit, starting_after, ending_before, created },
          { url: path },
        )
        return { data, hasMore, at: now }
      } catch (error) {
        if (error instanceof StripeError) throw new AppError("not_found", error.message)
        throw error
      }
    },
  }
  return { lists, asked }
}

describe("Stripe's events, oldest first", () => {
  const readAll = async (events: StripeEvent[], from: number) => {
    const { lists, asked } = listing(events)
    const read: unknown[] = []
    let place = { from, last: null as string | null, until: null as number | null }
    for (let done = false; !done; ) {
      const page = await eventsPage((query) => lists.page("/v1/events", query), place)
      if (!page) throw new Error("There is no page.")
      read.push(...page.events.map(({ id }) => id))
      place = page.place
      done = page.done
    }
    return { read, requests: asked.length }
  }

  test("each come once, however they lie in time, by hardly more requests than there are pages", async () => {
    const cluster = fc.tuple(
      fc.integer({ min: 0, max: 30 * 86_400 }),
      fc.integer({ min: 1, max: 260 }),
      fc.integer({ min: 0, max: 900 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(cluster, { maxLength: 8 }), async (clusters) => {
        const events = told(
          clusters.flatMap(([ago, count, spread]) =>
            Array.from({ length: count }, (_, index) => ago + (spread === 0 ? 0 : index % spread)),
          ),
        )
        const { read, requests } = await readAll(events, nowSeconds - 31 * 86_400)
        expect(read).toEqual(events.map(({ id }) => id))
        expect(requests).toBeLessThanOrEqual(Math.ceil(events.length / 100) + 24)
      }),
      { numRuns: 60, seed: 20261121 },
    )
  })

  test("that fit a page are one request", async () => {
    expect(await readAll(told([5, 50, 500]), nowSeconds - 4000)).toEqual({
      read: ["evt_0", "evt_1", "evt_2"],
      requests: 1,
    })
    expect(await readAll([], nowSeconds - 4000)).toEqual({ read: [], requests: 1 })
  })

  test("go on where Stripe has forgotten the last one", async () => {
    const events = told([500, 400, 300])
    const { lists } = listing(events)
    const list = (query: ListQuery) => lists.page("/v1/events", query)
    const lost = await eventsPage(list, { from: nowSeconds - 400, last: "evt_gone", until: null })
    expect(lost).toMatchObject({ events: [], done: false })
    if (!lost) throw new Error("There is no page.")
    expect((await eventsPage(list, lost.place))?.events.map(({ id }) => id)).toEqual(["evt_1", "evt_2"])
  })
})

type RecoverTestContext = JobsContext & { clock: { now: Date } }
const contextOf = (lists: StripeLists): RecoverTestContext => {
  const cancellations = {
    applyCoupon: async () => {},
    cancelAtPeriodEnd: async () => {},
    pause: async () => {},
  }
  const base = testContext({ db, now, vendors: { stripe: { ...stripeWith(), ...cancellations }, lists } })
  return { ...base, config: { trials: { url: "", token: "" } } }
}

const later = (ctx: RecoverTestContext, seconds: number) => {
  ctx.clock.now = new Date(ctx.clock.now.getTime() + seconds * 1000)
}
const run = async (ctx: RecoverTestContext) => {
  const runId = crypto.randomUUID()
  await db.execute(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at) values (${runId}, 'missed-events', 'staff', 'test', ${ctx.now().toISOString()})`)
  return runId
}
const part = (
  ctx: RecoverTestContext,
  runId: string,
  runner: JobRunner<RecoverTestContext> = runners["missed-events"],
) => runJob(ctx, { runId, find: () => ({ runner, attempts: 3 }) })
const countsOf = async (runId: string) =>
  (await db.execute(sql`select counts from job_runs where id = ${runId}`)).rows[0]?.counts
const origins = async () => {
  const { rows } = await db.execute(
    sql`select origin, status, count(*)::int as events from stripe_events group by 1, 2 order by 1, 2`,
  )
  return rows
}

beforeEach(async () => {
  await db.execute(
    sql`truncate stripe_events, job_runs, jobs, sync_positions, products, staff_notifications, vendor_limits cascade`,
  )
  await db.execute(sql`
    insert into sync_positions values ('stripe-events', ${new Date(now.getTime() - 86_400_000).toISOString()}, ${now.toISOString()})`)
})

/** As many as are read in 14 pages, after one that is long known. */
const backlog = told([2 * 86_400, ...Array.from({ length: 1390 }, (_, index) => 600 + index * 30)])

describe("missed events", () => {
  test("of a long backlog and a slow Stripe are read part by part, each page once, the oldest first", async () => {
    const { lists, asked } = listing(backlog, () => later(ctx, 50))
    const ctx = contextOf(lists)
    const runId = await run(ctx)
    const lasted: number[] = []
    let end = "continues"
    while (end === "continues") {
      const began = ctx.now().getTime()
      end = await part(ctx, runId)
      lasted.push((ctx.now().getTime() - began) / 1000)
    }
    expect(end).toBe("succeeded")
    expect(Math.max(...lasted)).toBeLessThanOrEqual(100)
    expect(await countsOf(runId)).toEqual({ read: 1390, recovered: 1390 })
    // The first shows that there are more than a page, the second where to begin.
    expect(asked.length).toBeLessThanOrEqual(2 + 14)
    expect(await origins()).toEqual([{ origin: "recovered", status: "applied", events: 1390 }])
    expect((await db.execute(sql`select from products`)).rowCount).toBe(1390)
  }, 60_000)

  test("are read part by part at the beginning of a sync as well", async () => {
    const young = told([5, ...backlog.map(({ created }) => nowSeconds - created)])
    const { lists } = listing(young, () => later(ctx, 50))
    const ctx = contextOf(lists)
    const runId = crypto.randomUUID()
    await db.execute(sql`
      insert into job_runs (id, job, trigger, requested_by, created_at) values (${runId}, 'stripe-sync', 'staff', 'test', ${ctx.now().toISOString()})`)
    const counted: unknown[] = []
    for (let end = "continues"; end === "continues"; ) {
      const began = ctx.now().getTime()
      end = await part(ctx, runId, (each, own) => syncStripe(each, own, async () => {}))
      expect(ctx.now().getTime() - began).toBeLessThanOrEqual(100_000)
      counted.push(await countsOf(runId))
    }
    // What each part has read is kept for the next.
    expect(counted.length).toBeGreaterThan(5)
    const read = counted.map((counts) => z.object({ eventsRead: z.number() }).parse(counts).eventsRead)
    expect(read).toEqual(read.toSorted((one, other) => one - other))
    expect(counted.at(-1)).toMatchObject({ eventsRead: 1391, eventsRecovered: 1391 })
    expect(counted.at(-1)).not.toHaveProperty("changed")
    expect(await origins()).toEqual([{ origin: "recovered", status: "applied", events: 1391 }])
  }, 60_000)

  /** A part whose waits for Stripe pass by the clock; returns how it ended, and whether others could have taken it over. */
  const impatiently = async (ctx: RecoverTestContext, runId: string) => {
    let free = 0
    const sleep = async (milliseconds: number) => {
      later(ctx, milliseconds / 1000)
      const { rowCount } = await db.execute(
        sql`select from job_runs where id = ${runId} and coalesce(lease_until, '-infinity') <= ${ctx.now().toISOString()}`,
      )
      free += rowCount
    }
    const began = ctx.now().getTime()
    const end = await part(ctx, runId, async (_, { cursor, until, keep }) => {
      const limit = new StripeLimit(ctx, 23, sleep)
      const done = await recoverEvents(ctx, {
        limit,
        cursor,
        until,
        keep: (reached, counts) => keep({ cursor: reached, counts }),
      })
      return { counts: {}, cursor: done.cursor }
    })
    return { end, free, seconds: (ctx.now().getTime() - began) / 1000 }
  }
  const slowDown = () => new AppError("rate_limited", "Slow down.", { details: { retryAfter: 60_000 } })

  test("are held by one at a time while Stripe asks to slow down, and left to the next part in time", async () => {
    let asked = 0
    const { lists } = listing(backlog, () => {
      if (++asked > 3) throw slowDown()
    })
    const ctx = contextOf(lists)
    const { end, free, seconds } = await impatiently(ctx, await run(ctx))
    expect([end, free]).toEqual(["continues", 0])
    expect(seconds).toBeLessThan(3 * 60)
  })

  test("that Stripe never lets be read fail in the end, and staff are told", async () => {
    const { lists } = listing(backlog, () => {
      throw slowDown()
    })
    const ctx = contextOf(lists)
    const runId = await run(ctx)
    const ends: string[] = []
    for (let parts = 0; parts < 3; parts++) {
      const { end, free, seconds } = await impatiently(ctx, runId)
      ends.push(end)
      expect(free).toBe(0)
      expect(seconds).toBeLessThan(3 * 60)
      later(ctx, 30 * 60)
    }
    expect(ends).toEqual(["retries", "retries", "failed"])
    const { rows } = await db.execute(sql`select message from staff_notifications`)
    expect(rows).toEqual([{ message: expect.stringContaining("The job missed-events failed: Stripe did not let") }])
  })

  test("that somebody died over are not read again by the next run", async () => {
    let pages = 0
    const { lists } = listing(backlog, () => (++pages > 8 ? new Promise<void>(() => {}) : undefined))
    const dying = contextOf(lists)
    void recoverEvents(dying, { limit: new StripeLimit(dying, 1000) })
    await expect.poll(() => pages).toBe(9)
    const kept = (await db.execute(sql`select from stripe_events`)).rowCount
    expect(kept).toBeGreaterThanOrEqual(300)

    const { lists: again } = listing(backlog)
    const ctx = contextOf(again)
    const { read } = await recoverEvents(ctx, { limit: new StripeLimit(ctx, 1000) })
    // Ten minutes are read again each time.
    expect(read).toBeLessThanOrEqual(1390 - kept + 22)
    expect(await origins()).toEqual([{ origin: "recovered", status: "applied", events: 1390 }])
  })

  test("that are young are fetched when all are wanted, and have never arrived until their webhook comes", async () => {
    const events = told([5, 30])
    const { lists } = listing(events)
    const ctx = contextOf(lists)
    const limit = new StripeLimit(ctx, 1000)
    expect(await recoverEvents(ctx, { limit })).toMatchObject({ read: 2, recovered: 0 })
    expect(await origins()).toEqual([])
    expect(await recoverEvents(ctx, { limit, all: true })).toMatchObject({ read: 2, recovered: 2 })
    expect(await origins()).toEqual([{ origin: "recovered", status: "applied", events: 2 }])
    await store(ctx, events.slice(1))
    await store(ctx, events.slice(1))
    expect(await origins()).toEqual([
      { origin: "recovered", status: "applied", events: 1 },
      { origin: "webhook", status: "applied", events: 1 },
    ])
  })
})
