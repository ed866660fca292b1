import { sql } from "drizzle-orm"
import { beforeEach, describe, expect, test } from "vitest"
import { applyStripeEvents } from "../../shared/billing/apply/applyStripeEvents.ts"
import { Lookups } from "../../shared/billing/apply/lookups.ts"
import { selectDueEventIds } from "../../shared/billing/selectDueEventIds.ts"
import type { Context } from "../../shared/context.ts"
import { AppError } from "../../shared/errors.ts"
import { readEventRefs } from "../../shared/webhooks/eventRef.ts"
import { eventFilter, listEvents } from "../../shared/webhooks/listEvents.ts"
import { replayEvents } from "../../shared/webhooks/replayEvents.ts"
import { emptyDatabase } from "../support/databaseState.ts"
import { playedHistory } from "../support/playedHistory.ts"
import { play, statuses, store, stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const failed = async (ctx: Context) =>
  (await listEvents(ctx, { filter: eventFilter.parse({ status: "failed" }) })).events
const { db } = useDatabase()
const noon = new Date("2026-11-20T12:00:00Z")
beforeEach(() => emptyDatabase(db))

const history = playedHistory({ seed: 3, customers: 1, steps: 0, until: noon })
const good = (type: string, id: string, change: object = {}) => {
  const event = history.events.find((each) => each.type === type)
  if (!event) throw new Error(`The history has no ${type}.`)
  const { object } = structuredClone(event.data) as { object: object }
  return { ...event, id, data: { object: { ...object, ...change } } }
}
const customer = () => good("customer.created", "evt_good", { id: "cus_good" })

test.each([
  ["an amount that is text", "invoice.paid", { amount_paid: "12" }, /amount_paid should be a whole number/],
  ["an amount with a fraction", "invoice.paid", { total: 1.5 }, /total should be a whole number/],
  ["an amount beyond all money", "invoice.paid", { total: 1e300 }, /total/],
  ["a status that is missing", "customer.subscription.created", { status: null }, /status should be text/],
  ["items that are no list", "customer.subscription.created", { items: "none" }, /items should be a list/],
  [
    "a quantity beyond all bounds",
    "customer.subscription.created",
    { items: { data: [{ id: "si_x", quantity: 1e12 }] } },
    /quantity/,
  ],
  ["a time that is text", "customer.subscription.created", { trial_end: "soon" }, /trial_end/],
  ["an id that is missing", "customer.created", { id: undefined }, /id should be text/],
])("%s sets its event aside with the reason, and its neighbours apply", async (_name, type, change, reason) => {
  const ctx = testContext({ db, now: noon, vendors: { stripe: stripeWith() } })
  await play(ctx, [good(type, "evt_bad", change), customer()])
  const found = await statuses(db)
  expect(found.evt_good).toBe("applied")
  expect(found.evt_bad).toMatch(/^failed: bad_request/)
  expect(found.evt_bad).toMatch(reason)
  expect(await failed(ctx)).toMatchObject([{ id: "evt_bad", attempts: 1 }])
})

test("an amount in a currency that does not exist is a recorded refusal", async () => {
  await play(testContext({ db, vendors: { stripe: stripeWith() } }), [
    good("invoice.paid", "evt_bad", { currency: "zzz" }),
    customer(),
  ])
  expect(await statuses(db)).toEqual({
    evt_bad: 'ignored: "zzz" is not a currency; an amount in it cannot be booked.',
    evt_good: "applied",
  })
})

test("hostile text in every field is kept as text", async () => {
  const name = "<script>alert(1)</script>\u0000\ud800\u202e=cmd|' /C calc'!A0"
  await play(testContext({ db, vendors: { stripe: stripeWith() } }), [
    good("customer.created", "evt_1", { name, metadata: { [name]: name, nested: { no: 1 } } }),
  ])
  const kept = await db.execute<{ name: string }>(sql`select name from customers`)
  expect(kept.rows[0]?.name).toBe("<script>alert(1)</script>\uFFFD\uFFFD\u202e=cmd|' /C calc'!A0")
})

test("a customer without e-mail, and one that is deleted, are recorded", async () => {
  const ctx = testContext({ db, vendors: { stripe: stripeWith() } })
  await play(ctx, [
    good("customer.created", "evt_1", { email: null }),
    good("customer.created", "evt_2", { id: "cus_gone" }),
  ])
  await play(ctx, [
    { ...good("customer.created", "evt_3", { id: "cus_gone" }), type: "customer.deleted", created: 1_790_000_000 },
  ])
  const kept = await db.execute(
    sql`select stripe_id = 'cus_gone' as gone, email is null as without, deleted_at is not null as deleted from customers order by 1`,
  )
  expect(kept.rows).toEqual([
    { gone: false, without: true, deleted: false },
    { gone: true, without: false, deleted: true },
  ])
})

test("an event of a customer whom Stripe does not have is recorded for the id alone", async () => {
  await play(testContext({ db, vendors: { stripe: stripeWith() } }), [good("customer.subscription.created", "evt_1")])
  expect(await statuses(db)).toEqual({ evt_1: "applied" })
})

test("what Stripe cannot be asked now is asked again, later and later, and set aside at last; then it can be replayed", async () => {
  const stripe = stripeWith()
  stripe.fail = new AppError("vendor_unavailable", "Stripe is down")
  const ctx = testContext({ db, now: noon, vendors: { stripe } })
  const waits: number[] = []
  const [id] = await store(ctx, [good("customer.subscription.created", "evt_1")])
  for (let attempt = 0; attempt < 8; attempt++) {
    await applyStripeEvents(ctx, { ids: [String(id)] })
    const row = (
      await db.execute<{ next: string }>(
        sql`select next_attempt_at as next from stripe_events where status = 'retrying'`,
      )
    ).rows[0]
    if (!row) break
    waits.push((new Date(row.next).getTime() - ctx.clock.now.getTime()) / 1000)
    ctx.clock.now = new Date(new Date(row.next).getTime() + 61_000)
    expect(await selectDueEventIds(ctx, 10)).toEqual([id])
  }
  expect(waits).toEqual([30, 120, 600, 1800, 3600, 10_800, 43_200])
  expect(await statuses(db)).toEqual({ evt_1: "failed: vendor_unavailable: Stripe is down" })
  expect(await failed(ctx)).toMatchObject([{ id, attempts: 8 }])

  stripe.fail = null
  expect(await replayEvents(ctx, { ids: [String(id)] })).toEqual([id])
  await applyStripeEvents(ctx, { ids: readEventRefs([{ ids: ctx.queues.events.take() }]).ids.stripe })
  expect(await statuses(db)).toEqual({ evt_1: "applied" })
})

test("replaying every event of a history does nothing twice", async () => {
  const long = playedHistory({ seed: 5, customers: 3, steps: 30, until: noon })
  const ctx = testContext({ db, now: noon, vendors: { stripe: long.api } })
  await play(ctx, long.events)
  const count = async () =>
    (
      await db.execute(
        sql`select (select count(*) from timeline_entries) as lines, (select count(*) from email_outbox) as mails, (select count(*) from subscription_states) as states`,
      )
    ).rows
  const before = await count()
  const ids = long.events.map(({ id }) => id)
  await replayEvents(ctx, { ids })
  for (let start = 0; start < ids.length; start += 100)
    await applyStripeEvents(ctx, { ids: ids.slice(start, start + 100) })
  expect(await count()).toEqual(before)
})

test("products outside the filter have no effect that a customer sees", async () => {
  await db.execute(
    sql`insert into settings values ('productFilter', '{"mode": "only", "productIds": [], "namePrefixes": ["ops"]}', now())`,
  )
  const vip = playedHistory({ seed: 9, customers: 1, steps: 0, until: noon })
  const events = JSON.parse(JSON.stringify(vip.events).replaceAll(/prod_(starter|pro)/g, "prod_vip"))
  const ctx = testContext({ db, now: noon, vendors: { stripe: vip.api } })
  await play(ctx, events)
  const seen = await db.execute(sql`
    select (select stage from customers) as stage, (select count(*)::int from email_outbox) as mails,
      (select count(*)::int from timeline_entries where kind like 'subscription.%' or kind like 'invoice.%') as lines,
      (select bool_or(relevant) from subscriptions) as relevant`)
  expect(seen.rows).toEqual([{ stage: "lead", mails: 0, lines: 0, relevant: false }])
})

describe("an event over which whoever applies it dies", () => {
  const customers = ["cus_1", "cus_2"].map((id, index) => ({
    id: `evt_${index + 1}`,
    type: "customer.created",
    created: noon.getTime() / 1000 - 60,
    livemode: false,
    data: { object: { id, object: "customer", email: `${id}@example.com`, created: noon.getTime() / 1000 - 60 } },
  }))
  const attempted = async (attempts: number) => {
    const ctx = testContext({ db, now: noon, vendors: { stripe: stripeWith() } })
    const ids = await store(ctx, customers)
    await db.execute(sql`update stripe_events set attempts = ${attempts} where id = 'evt_1'`)
    await applyStripeEvents(ctx, { ids })
    return await statuses(db)
  }

  test("is taken up by itself after three attempts, so that it takes no neighbours with it", async () => {
    expect(await attempted(4)).toEqual({ evt_1: "applied", evt_2: "applied" })
  })

  test("is set aside after eight, with its reason", async () => {
    expect(await attempted(8)).toEqual({
      evt_1: expect.stringContaining("failed: bad_request: Applying it failed: no attempt of 8"),
      evt_2: "applied",
    })
  })
})

test("a lookup waits for Stripe no longer than the batch has patience, and later ones not at all", async () => {
  const asked: string[] = []
  const hanging = {
    retrieve(path: string) {
      asked.push(path)
      return new Promise<never>(() => {})
    },
  }
  const lookups = new Lookups(hanging, 30)
  expect(await lookups.retrieve("/v1/customers/cus_1")).toMatchObject({ code: "vendor_unavailable" })
  expect(await lookups.retrieve("/v1/customers/cus_2")).toMatchObject({ code: "vendor_unavailable" })
  expect(asked).toEqual(["/v1/customers/cus_1"])
})

test("messages that name no event are counted and leave the others alone", () => {
  expect(readEventRefs([{ ids: ["stripe:evt_1", "resend:msg_1", "evt_2"] }, null, { ids: "evt_3" }])).toEqual({
    ids: { stripe: ["evt_1"], resend: ["msg_1"] },
    malformed: 3,
  })
})
