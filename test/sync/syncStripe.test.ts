import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { applyStripeEvents } from "../../shared/billing/apply/applyStripeEvents.ts"
import { reviewStages } from "../../shared/billing/reviewStages.ts"
import { createDatabase, type Database } from "../../shared/db/client.ts"
import type { StripeLists } from "../../shared/vendors/stripeLists.ts"
import { Faults } from "../fakes/faults/faults.ts"
import { useFakes } from "../fakes/support/useFakes.ts"
import { databaseState, emptyDatabase, waitingMails } from "../support/databaseState.ts"
import { playHistory } from "../support/playedHistory.ts"
import { play, store } from "../support/stripeEvents.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { runSync, type SyncTestContext, syncContext } from "./runSync.ts"

const database = useDatabase()
const { db } = database
const day = 86_400_000
const begin = new Date("2026-10-30T12:00:00Z")
const stand = useFakes({ now: () => begin, stripe: { requestsPerSecond: 0 }, seed: 3 })

/** Some weeks of a business of which no webhook arrives. Ops HQ was set up when it began. */
async function business(options: { customers: number; steps: number; seed?: number }): Promise<SyncTestContext> {
  stand.fakes.reset()
  const world = stand.fakes.stripe
  playHistory(world, new Faults(options.seed ?? 5), { ...options, stride: day / 1000 })
  world.advanceClock(3600)
  return anew(new Date(world.now() * 1000))
}

async function anew(now: Date, database: Database = db): Promise<SyncTestContext> {
  await emptyDatabase(db)
  const ctx = syncContext({ db: database, now, url: stand.fakes.url })
  await seedDefaults({ ...ctx, db })
  await db.execute(sql`
    insert into jobs (name, schedule, grace_minutes, maximum_minutes, created_at)
    values ('missed-events', '', 30, 30, ${begin.toISOString()})`)
  return ctx
}

const everything = async () => ({ ...(await databaseState(db)), waiting: await waitingMails(db) })

/** Rows as Stripe's lists show them: what a sync alone can know. */
async function asListed() {
  const { customers, subscriptions, subscription_items, customer_mrr } = await databaseState(db)
  const open = await db.execute(
    sql`select id, status, attempt_count, amount_remaining from invoices where status = 'open' order by id`,
  )
  return { customers, subscriptions, subscription_items, customer_mrr, open: open.rows }
}

/** What changes with every row that is written. */
async function versions() {
  const tables = ["customers", "subscriptions", "subscription_items", "invoices", "products", "prices", "coupons"]
  const found = await db.execute(
    sql.join(
      tables.map(
        (table) =>
          sql`select ${table} as name, md5(string_agg(xmin::text, ',' order by id::text)) as rows from ${sql.identifier(table)}`,
      ),
      sql` union all `,
    ),
  )
  return found.rows
}

describe("when no webhook has arrived", () => {
  test("a sync ends in the state that the webhooks would have led to, with the same mails waiting", async () => {
    const ctx = await business({ customers: 6, steps: 60 })
    const { events } = stand.fakes.events
    await play(ctx, [...events])
    const byWebhooks = await everything()

    const again = await anew(ctx.now())
    const run = await runSync(again)
    expect(run).toMatchObject({ outcome: "succeeded", error: null })
    expect(run.counts.eventsRecovered).toBeGreaterThan(50)
    expect(await everything()).toEqual(byWebhooks)

    const before = await versions()
    const second = await runSync(again)
    expect(second.counts).not.toHaveProperty("changed")
    expect(second.counts).not.toHaveProperty("missing")
    expect(await versions()).toEqual(before)
  }, 60_000)

  test("what is of products that are not ours is kept as webhooks would have kept it, and no rule reacts to it", async () => {
    const ours = { mode: "only", productIds: [], namePrefixes: ["Ops Pro"] }
    const filter = () =>
      db.execute(sql`
        insert into settings (name, value, updated_at) values ('productFilter', ${JSON.stringify(ours)}::jsonb, now())
        on conflict (name) do update set value = excluded.value`)
    const ctx = await business({ customers: 12, steps: 0 })
    await filter()
    await play(ctx, [...stand.fakes.events.events])
    const byWebhooks = await everything()
    const relevant = await db.execute(sql`select relevant, count(*)::int as n from subscriptions group by 1 order by 1`)
    expect(relevant.rows.map((row) => row.relevant)).toEqual([false, true])
    const again = await anew(ctx.now())
    await filter()
    expect(await runSync(again)).toMatchObject({ outcome: "succeeded" })
    expect(await everything()).toEqual(byWebhooks)
  }, 60_000)

  test("and Stripe has forgotten its events, rows end as Stripe lists them, and nobody is greeted for what is old", async () => {
    const ctx = await business({ customers: 6, steps: 60 })
    await play(ctx, [...stand.fakes.events.events])
    const byWebhooks = await asListed()
    stand.fakes.events.events.length = 0

    const later = await anew(new Date(ctx.now().getTime() + 40 * day))
    const run = await runSync(later)
    expect(run).toMatchObject({ outcome: "succeeded", counts: { eventsRecovered: 0 } })
    const listed = await asListed()
    expect(listed.subscriptions).toEqual(byWebhooks.subscriptions)
    expect(listed.subscription_items).toEqual(byWebhooks.subscription_items)
    expect(listed.customer_mrr).toEqual(byWebhooks.customer_mrr)
    expect(listed.open).toEqual(byWebhooks.open)
    expect((await db.execute(sql`select from email_outbox`)).rowCount).toBe(0)
    expect((await db.execute(sql`select from rule_firings`)).rowCount).toBe(0)
  }, 60_000)
})

/** Changes in Stripe of which nobody ever tells. */
function untold<Made>(change: () => Made): Made {
  const { events } = stand.fakes.events
  const before = events.length
  const made = change()
  events.length = before
  return made
}

const findings = async () => {
  const { rows } = await db.execute(
    sql`select object_type as type, object_id as id, finding, fields from sync_findings order by object_type, object_id`,
  )
  return rows
}
const countOf = async (table: string) =>
  Number((await db.execute(sql`select count(*)::int as n from ${sql.identifier(table)}`)).rows[0]?.n)

describe("what differs", () => {
  const twoActive = () => {
    const active = stand.fakes.stripe.all("subscription").filter(({ status }) => status === "active")
    const [first, second] = active.filter(
      ({ cancel_at_period_end: leaves, customer }, index) =>
        !leaves && active.findIndex((each) => each.customer === customer) === index,
    )
    if (!first || !second) throw new Error("The history has too few active subscriptions.")
    return [first, second] as const
  }

  test("is mended, told by field and by a line found by sync, and the rules hear of it once", async () => {
    const ctx = await business({ customers: 6, steps: 20 })
    await runSync(ctx)
    const [leaving, changing] = twoActive()
    const world = stand.fakes.stripe
    const firings = await countOf("rule_firings")
    untold(() => {
      world.cancel(leaving.id, { atPeriodEnd: true, feedback: "unused" })
      world.updateCustomer(String(changing.customer), { name: "Another Name" })
    })
    await db.execute(sql`update subscription_items set quantity = 7 where subscription_id = ${changing.id}`)
    await db.execute(sql`update subscriptions set digest = 'tampered' where id = ${changing.id}`)
    await db.execute(sql`delete from coupons`)
    await db.execute(sql`delete from prices where id = 'price_starter_eur_month'`)

    const run = await runSync(ctx)
    expect(run).toMatchObject({ outcome: "succeeded", counts: { changed: 3, missing: 1 } })
    expect(await findings()).toEqual([
      { type: "customers", id: changing.customer, finding: "changed", fields: ["name"] },
      { type: "prices", id: "price_starter_eur_month", finding: "missing", fields: [] },
      ...[
        {
          type: "subscriptions",
          id: leaving.id,
          finding: "changed",
          fields: expect.arrayContaining(["cancelAtPeriodEnd"]),
        },
        { type: "subscriptions", id: changing.id, finding: "changed", fields: ["items"] },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    ])
    const told = await db.execute(sql`select kind from timeline_entries where source = 'sync' order by kind`)
    expect(told.rows.map(({ kind }) => kind)).toEqual([
      "customer.updated",
      "subscription.cancel_scheduled",
      "subscription.plan_changed",
    ])
    const [row] = (
      await db.execute(
        sql`select cancel_at_period_end, cancellation_feedback from subscriptions where id = ${leaving.id}`,
      )
    ).rows
    expect(row).toEqual({ cancel_at_period_end: true, cancellation_feedback: "unused" })
    expect(await countOf("rule_firings")).toBeGreaterThan(firings)

    const state = await everything()
    expect((await runSync(ctx)).counts).not.toHaveProperty("changed")
    expect(await everything()).toEqual(state)
  }, 60_000)

  test("and is told by an event as well, is left to the event: its webhook, late or lost, is told once", async () => {
    const ctx = await business({ customers: 6, steps: 20 })
    await runSync(ctx)
    const [leaving, changing] = twoActive()
    const world = stand.fakes.stripe
    const before = stand.fakes.events.events.length
    world.cancel(leaving.id, { atPeriodEnd: true })
    world.changePlan(changing.id, "price_pro_eur_month")
    const missed = [...stand.fakes.events.events.slice(before)]
    const run = await runSync(ctx)
    expect(await findings()).toEqual([])
    expect(run.counts).not.toHaveProperty("changed")
    const state = await everything()
    await play(ctx, missed)
    expect(await everything()).toEqual(state)
    expect((await db.execute(sql`select from timeline_entries where source = 'sync'`)).rowCount).toBe(0)
  }, 60_000)

  test("because it is gone in Stripe is gone here too", async () => {
    const ctx = await business({ customers: 4, steps: 5 })
    await runSync(ctx)
    const [gone] = stand.fakes.stripe.all("customer")
    if (!gone) throw new Error("There is no customer.")
    untold(() => stand.fakes.stripe.deleteCustomer(gone.id))
    expect((await runSync(ctx)).counts).toMatchObject({ deleted: 1 })
    const { rows } = await db.execute(
      sql`select deleted_at is not null as deleted from customers where stripe_id = ${gone.id}`,
    )
    expect(rows).toEqual([{ deleted: true }])
    expect((await runSync(ctx)).counts).not.toHaveProperty("deleted")
  }, 60_000)

  test("by more than the settings allow is told to staff", async () => {
    const ctx = await business({ customers: 4, steps: 5 })
    await runSync(ctx)
    await db.execute(sql`truncate staff_notifications`)
    await db.execute(sql`insert into settings values ('sync', '{"mostDifferences": 0}', now())`)
    await db.execute(sql`delete from products`)
    await runSync(ctx)
    const { rows } = await db.execute(sql`select message from staff_notifications`)
    expect(rows).toEqual([{ message: "Stripe sync: 3 objects of Stripe differed from ours. What differed is mended." }])
  }, 60_000)
})

/** Calls of the database that each mortal process has left, by the name that its connection goes by. */
const lives = new Map<string, { left: number; die: () => void }>()
let way: Server

beforeAll(async () => {
  const beyond = database.httpEndpoint
  way = createServer(async (request, response) => {
    const life = lives.get(
      /application_name=([\w-]+)/.exec(String(request.headers["neon-connection-string"]))?.[1] ?? "",
    )
    const left = life ? --life.left : Number.POSITIVE_INFINITY
    if (left < 0) return
    const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
      name.startsWith("neon-") ? [[name, String(value)]] : [],
    )
    const body = Buffer.concat(await request.toArray())
    const answer = await fetch(beyond, { method: "POST", headers, body })
    const text = await answer.text()
    // The last call is carried out, and its answer reaches nobody any more.
    if (left === 0) life?.die()
    else response.writeHead(answer.status, { "content-type": "application/json" }).end(text)
  })
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve))
  const { port } = way.address() as AddressInfo
  createDatabase({ url: database.url, httpEndpoint: `http://127.0.0.1:${port}/sql` })
})
afterAll(() => {
  // Those who died still wait for their answers.
  way.unref()
})

/** The database of a process that dies after so many calls. */
function mortalDatabase(calls: number): { db: Database; death: Promise<"died"> } {
  const name = `life-${crypto.randomUUID()}`
  const death = new Promise<"died">((resolve) => {
    lives.set(name, { left: calls, die: () => resolve("died") })
  })
  return { db: createDatabase({ url: `${database.url}?application_name=${name}` }), death }
}

/** The account's lists; `when` happens after Stripe has made up its answer, and before the answer arrives. */
const overtaking = (path: string, when: () => Promise<void>) => {
  let happened = false
  return (lists: StripeLists): StripeLists => ({
    ...lists,
    async page(asked, query) {
      const page = await lists.page(asked, query)
      if (asked === path && page.data.length > 0 && !happened) {
        happened = true
        await when()
      }
      return page
    },
  })
}

describe("a page that was on its way while a webhook came", () => {
  test("takes nothing back that the webhook has told, and tells nothing of its own", async () => {
    const ctx = await business({ customers: 6, steps: 20 })
    await runSync(ctx)
    const world = stand.fakes.stripe
    const [leaving] = world.all("subscription").filter((each) => each.status === "active" && !each.cancel_at_period_end)
    if (!leaving) throw new Error("Nobody can leave.")
    await db.execute(sql`update subscriptions set digest = 'tampered' where id = ${leaving.id}`)
    const slow = syncContext({
      db,
      now: ctx.now(),
      url: stand.fakes.url,
      lists: overtaking("/v1/subscriptions", async () => {
        world.advanceClock(4)
        const before = stand.fakes.events.events.length
        world.cancel(leaving.id, { atPeriodEnd: true, feedback: "unused" })
        world.updateCustomer(String(leaving.customer), { email: "new.address@example.com" })
        await play(ctx, stand.fakes.events.events.slice(before))
      }),
    })
    expect(await runSync(slow)).toMatchObject({ outcome: "succeeded" })
    expect(
      (await db.execute(sql`select cancel_at_period_end from subscriptions where id = ${leaving.id}`)).rows,
    ).toEqual([{ cancel_at_period_end: true }])
    const told = await db.execute(
      sql`select kind from timeline_entries where data ->> 'subscription' = ${leaving.id} and kind like '%cancel%schedul%'`,
    )
    expect(told.rows).toEqual([{ kind: "subscription.cancel_scheduled" }])
    expect(
      (
        await db.execute(sql`select from email_outbox where template_id = 'cancellation-scheduled' and status = 'due'
          and customer_id = (select customer_id from subscriptions where id = ${leaving.id})`)
      ).rowCount,
    ).toBe(1)
    expect(
      (await db.execute(sql`select email from customers where stripe_id = ${String(leaving.customer)}`)).rows,
    ).toEqual([{ email: "new.address@example.com" }])
    const again = await runSync(ctx)
    expect(again.counts).not.toHaveProperty("changed")
  }, 60_000)
})

describe("what events tell", () => {
  /** A subscription that is to be cancelled, of which the webhook got lost. */
  async function lost() {
    const ctx = await business({ customers: 6, steps: 20 })
    await runSync(ctx)
    const world = stand.fakes.stripe
    const [leaving] = world.all("subscription").filter((each) => each.status === "active" && !each.cancel_at_period_end)
    if (!leaving) throw new Error("Nobody can leave.")
    const told = async () =>
      (
        await db.execute(
          sql`select from timeline_entries where kind = 'subscription.cancel_scheduled' and data ->> 'subscription' = ${leaving.id}`,
        )
      ).rowCount
    const mails = async () =>
      (await db.execute(sql`select from email_outbox where template_id = 'cancellation-scheduled'`)).rowCount
    const before = stand.fakes.events.events.length
    return { ctx, world, leaving, told, mails, since: () => stand.fakes.events.events.slice(before) }
  }

  test("and is lost while a sync waits for Stripe is told once, however long that takes", async () => {
    const { ctx, world, leaving, told, mails, since } = await lost()
    const mailsBefore = await mails()
    const stalled = syncContext({
      db,
      now: ctx.now(),
      url: stand.fakes.url,
      lists: (lists) => {
        let happened = false
        return {
          ...lists,
          async page(path, query) {
            if (path === "/v1/subscriptions" && !happened) {
              happened = true
              world.advanceClock(60)
              world.cancel(leaving.id, { atPeriodEnd: true })
              world.advanceClock(18 * 60)
              stalled.clock.now = new Date(world.now() * 1000)
            }
            return lists.page(path, query)
          },
        }
      },
    })
    expect(await runSync(stalled)).toMatchObject({ outcome: "succeeded" })
    await play(stalled, since())
    expect([await told(), (await mails()) - mailsBefore]).toEqual([1, 1])
  }, 60_000)

  test("and was set aside is mended in the rows, and told when it is replayed, once", async () => {
    const { ctx, world, leaving, told, mails, since } = await lost()
    const mailsBefore = await mails()
    world.advanceClock(10)
    world.cancel(leaving.id, { atPeriodEnd: true })
    await store(ctx, since())
    await db.execute(sql`update stripe_events set status = 'failed' where status = 'received'`)
    expect(await runSync(ctx)).toMatchObject({ outcome: "succeeded", counts: { changed: 1 } })
    expect(
      (await db.execute(sql`select cancel_at_period_end from subscriptions where id = ${leaving.id}`)).rows,
    ).toEqual([{ cancel_at_period_end: true }])
    expect(await told()).toBe(0)
    await db.execute(
      sql`update stripe_events set status = 'received', next_attempt_at = received_at where status = 'failed'`,
    )
    await applyStripeEvents(ctx, { ids: since().map(({ id }) => String(id)) })
    expect([await told(), (await mails()) - mailsBefore]).toEqual([1, 1])
  }, 60_000)
})

test("who never paid is no former customer, whether events tell of them or a first sync alone", async () => {
  stand.fakes.reset()
  const world = stand.fakes.stripe
  const person = (name: string) => world.createCustomer({ email: `${name}@example.com`, name }).id
  world.subscribe({ customer: person("declined"), price: "price_pro_eur_month", card: "insufficient_funds" })
  const tried = world.subscribe({
    customer: person("tried"),
    price: "price_pro_eur_month",
    trialDays: 7,
    card: "works",
  })
  world.subscribe({ customer: person("stayed"), price: "price_pro_eur_month", trialDays: 7, card: "works" })
  const left = world.subscribe({ customer: person("left"), price: "price_pro_eur_month", card: "works" })
  const paid = world.subscribe({ customer: person("paid"), price: "price_pro_eur_month", trialDays: 7, card: "works" })
  world.advanceClock((3 * day) / 1000)
  world.cancel(tried.id)
  world.advanceClock((20 * day) / 1000)
  world.cancel(left.id)
  world.cancel(paid.id)
  world.advanceClock((40 * day) / 1000)
  const ctx = await anew(new Date(world.now() * 1000))
  const stages = async () =>
    (await db.execute(sql`select name, stage from customers where stripe_id is not null order by name`)).rows
  await play(ctx, [...stand.fakes.events.events])
  await reviewStages(ctx, 100)
  const byWebhooks = await stages()
  expect(byWebhooks).toEqual([
    { name: "declined", stage: "lead" },
    { name: "left", stage: "win_back" },
    { name: "paid", stage: "win_back" },
    { name: "stayed", stage: "active" },
    { name: "tried", stage: "lead" },
  ])
  stand.fakes.events.events.length = 0
  const later = await anew(ctx.now())
  expect(await runSync(later)).toMatchObject({ outcome: "succeeded" })
  await reviewStages(later, 100)
  expect(await stages()).toEqual(byWebhooks)
}, 60_000)

describe("a sync that is disturbed", () => {
  test("by rate limits, errors and lost connections ends the same", async () => {
    const ctx = await business({ customers: 6, steps: 40 })
    await play(ctx, [...stand.fakes.events.events])
    const byWebhooks = await everything()
    const again = await anew(ctx.now())
    stand.fakes.faults.set("stripe", { tooManyRequests: 0.1, serverError: 0.1, droppedConnection: 0.1 })
    expect(await runSync(again)).toMatchObject({ outcome: "succeeded" })
    stand.fakes.faults.clear()
    expect(await everything()).toEqual(byWebhooks)
  }, 120_000)

  test("by death between any two of its steps and begun again ends the same, with nothing twice", async () => {
    const ctx = await business({ customers: 4, steps: 30 })
    await play(ctx, [...stand.fakes.events.events])
    const byWebhooks = await everything()
    for (const [seed, most] of [
      [1, 10],
      [2, 30],
      [3, 80],
    ] as const) {
      const draw = new Faults(seed)
      const mortal = await anew(ctx.now())
      let runId = crypto.randomUUID()
      for (let life = 0; life < 12; life++) {
        const { db: dying, death } = mortalDatabase(1 + Math.floor(draw.random() * most))
        const ended = await Promise.race([death, runSync({ ...mortal, db: dying }, runId).catch(() => "died")])
        // Who dies again and again without progress is given up: the next sync begins anew.
        if (ended !== "died") runId = crypto.randomUUID()
        mortal.clock.now = new Date(mortal.clock.now.getTime() + 10 * 60_000)
      }
      const last = await runSync(mortal, runId)
      if (last.outcome === "failed") expect(await runSync(mortal)).toMatchObject({ outcome: "succeeded" })
      await db.execute(sql`delete from staff_notifications where key like 'job:stripe-sync:%'`)
      expect(await everything()).toEqual(byWebhooks)
    }
  }, 120_000)

  test("by the end of its time, again and again, ends the same", async () => {
    const ctx = await business({ customers: 6, steps: 30 })
    await play(ctx, [...stand.fakes.events.events])
    const byWebhooks = await everything()
    const begun = (await anew(ctx.now())).now()
    const slow = syncContext({
      db,
      now: begun,
      url: stand.fakes.url,
      lists: (lists) => ({
        ...lists,
        async page(path, query) {
          slow.clock.now = new Date(slow.clock.now.getTime() + 50_000)
          return lists.page(path, query)
        },
      }),
    })
    expect(await runSync(slow)).toMatchObject({ outcome: "succeeded" })
    // Two pages were all that a part had time for.
    expect(slow.now().getTime() - begun.getTime()).toBeGreaterThan(30 * 60_000)
    expect(await everything()).toEqual(byWebhooks)
  }, 60_000)

  test.each([-20, 20])(
    "by a clock of ours that is %i minutes off Stripe's ends the same, and hears later events",
    async (minutes) => {
      const ctx = await business({ customers: 6, steps: 30 })
      const world = stand.fakes.stripe
      await play(ctx, [...stand.fakes.events.events])
      const right = await asListed()
      const skewed = await anew(new Date(ctx.now().getTime() + minutes * 60_000))
      expect(await runSync(skewed)).toMatchObject({ outcome: "succeeded" })
      expect(await asListed()).toEqual(right)

      // Of Stripe's last moments, which are still to come by our clock, or long past.
      world.advanceClock(5)
      const newest = untold(() => world.createCustomer({ email: "newest@example.com" }))
      expect((await runSync(skewed)).counts).toMatchObject({ missing: 1 })
      world.advanceClock(5)
      const before = stand.fakes.events.events.length
      world.updateCustomer(newest.id, { name: "Told Later" })
      await play(skewed, stand.fakes.events.events.slice(before))
      const { rows } = await db.execute(sql`select name from customers where stripe_id = ${newest.id}`)
      expect(rows).toEqual([{ name: "Told Later" }])
      const again = await runSync(skewed)
      expect(again.counts).not.toHaveProperty("changed")
      expect(again.counts).not.toHaveProperty("missing")
    },
    60_000,
  )

  test("by customers who come and go while it lists misses none of those who stay", async () => {
    const ctx = await business({ customers: 0, steps: 0 })
    const world = stand.fakes.stripe
    untold(() => {
      for (let index = 0; index < 450; index++) world.createCustomer({ email: `many${index}@example.com` })
    })
    let pages = 0
    const disturbed = syncContext({
      db,
      now: ctx.now(),
      url: stand.fakes.url,
      lists: (lists) => ({
        ...lists,
        async page(path, query) {
          const page = await lists.page(path, query)
          const last = page.data.at(-1)
          if (path === "/v1/customers" && page.hasMore && last && pages++ < 2)
            untold(() => {
              world.deleteCustomer(String(last.id))
              world.createCustomer({ email: `late${pages}@example.com` })
            })
          return page
        },
      }),
    })
    expect(await runSync(disturbed)).toMatchObject({ outcome: "succeeded" })
    const kept = await db.execute(sql`select stripe_id as id from customers where email like 'many%'`)
    const ids = new Set(kept.rows.map(({ id }) => id))
    const staying = world.all("customer").filter(({ email }) => email?.startsWith("many"))
    expect(staying.length).toBe(448)
    expect(staying.filter(({ id }) => !ids.has(id))).toEqual([])
    expect((await runSync(ctx)).outcome).toBe("succeeded")
    const after = await db.execute(
      sql`select stripe_id as id from customers where deleted_at is null and stripe_id is not null order by 1`,
    )
    expect(after.rows.map(({ id }) => id)).toEqual(
      world
        .all("customer")
        .map(({ id }) => id)
        .sort(),
    )
  }, 120_000)
})
