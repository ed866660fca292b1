import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { addNote } from "../../shared/customers/addNote.ts"
import { changeTags } from "../../shared/customers/changeTags.ts"
import { customerFilter } from "../../shared/customers/customerFilter.ts"
import { eraseCustomer } from "../../shared/customers/erase/eraseCustomer.ts"
import { askToErase } from "../../shared/customers/erase/eraseQuestion.ts"
import { listCustomers } from "../../shared/customers/listCustomers.ts"
import { askToMerge } from "../../shared/customers/merge/askToMerge.ts"
import { mergeCustomers } from "../../shared/customers/merge/mergeCustomers.ts"
import { Faults } from "../fakes/faults/faults.ts"
import { EventLog } from "../fakes/stripe/eventLog.ts"
import { StripeWorld } from "../fakes/stripe/world.ts"
import { emptyDatabase } from "../support/databaseState.ts"
import { apiOf } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")
const owner = {
  kind: "staff",
  id: crypto.randomUUID(),
  email: "owner@staff.test",
  name: "Owner",
  role: "owner",
} as const

async function business() {
  await emptyDatabase(db)
  const log = new EventLog({ deliver: null, webhookSecret: "x", livemode: false, faults: new Faults(1) })
  const start = new Date(now.getTime() - 20 * 86_400_000)
  const world = new StripeWorld({ log, hostedUrl: (id) => `https://pay.example.com/${id}`, wall: () => start })
  const ctx = testContext({ db, now, actor: owner, vendors: { stripe: apiOf(world, now) } })
  await seedDefaults(ctx)
  await db.execute(sql`
    insert into staff (id, email, name, role, created_at) values (${owner.id}, ${owner.email}, 'Owner', 'owner', now())`)
  const people = ["work@example.com", "home@example.com"].map((email) => {
    const customer = world.createCustomer({ email, name: email, country: "DE" })
    world.subscribe({ customer: customer.id, price: "price_pro_eur_month", card: "works" })
    return customer.id
  })
  let played = 0
  const catchUp = async () => {
    await play(ctx, log.events.slice(played))
    played = log.events.length
  }
  await catchUp()
  const idOf = async (stripeId: string | undefined) =>
    String((await db.execute(sql`select id from customers where stripe_id = ${stripeId}`)).rows[0]?.id)
  const [workStripe = "", homeStripe = ""] = people
  const [work, home] = [await idOf(workStripe), await idOf(homeStripe)]
  return { ctx, world, catchUp, work, home, workStripe, homeStripe }
}
let world: Awaited<ReturnType<typeof business>>
beforeEach(async () => {
  world = await business()
})

const count = async (query: ReturnType<typeof sql>) => Number((await db.execute(query)).rows[0]?.count)
async function merge(from: string, into: string) {
  const asked = await askToMerge(world.ctx, { a: from, b: into })
  const confirmation = asked?.ways.find((way) => way.into.id === into)?.confirmation
  await mergeCustomers(world.ctx, { from, into, confirmation })
}
/** Rows that hang on a customer, whatever table they are in. */
async function hanging(id: string): Promise<Record<string, number>> {
  const tables = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'customer_id' order by 1`,
  )
  const counts: Record<string, number> = {}
  for (const { name } of tables.rows) {
    const rows = await count(sql`select count(*) from ${sql.identifier(name)} where customer_id = ${id}`)
    if (rows > 0) counts[name] = rows
  }
  return counts
}

test("everything of the one becomes the other's: nothing is lost, nothing is left behind", async () => {
  const { ctx, work, home } = world
  await addNote(ctx, { customerId: home, noteId: crypto.randomUUID(), text: "Same person" })
  await changeTags(ctx, { id: home, add: ["vip"], remove: [] })
  const [before, after] = [await hanging(work), await hanging(home)]
  await merge(home, work)
  expect(await hanging(home)).toEqual({})
  const sum = await hanging(work)
  for (const table of [
    "subscriptions",
    "invoices",
    "charges",
    "timeline_entries",
    "email_outbox",
    "enrolments",
    "customer_notes",
  ])
    expect([table, sum[table]]).toEqual([table, (before[table] ?? 0) + (after[table] ?? 0)])
  const mrr = await db.execute(sql`select currency, amount::text from customer_mrr`)
  expect(mrr.rows).toEqual([{ currency: "eur", amount: "5800" }])
  const kept = await db.execute(sql`select email, tags, stage from customers where id = ${work}`)
  expect(kept.rows).toMatchObject([{ email: "work@example.com", tags: ["vip"], stage: "active" }])
  expect(await count(sql`select count(*) from stage_history where customer_id = ${work}`)).toBeGreaterThan(1)
})

test("nobody gets the mails of a sequence twice over", async () => {
  const { work, home } = world
  await merge(home, work)
  const due = await db.execute(sql`
    select template_id, count(*)::int as count from email_outbox where customer_id = ${work} and status = 'due'
      and template_id like 'onboarding%' group by 1 having count(*) > 1`)
  expect(due.rows).toEqual([])
})

test("what Stripe later says of either lands on the one that stays", async () => {
  const { world: stripe, catchUp, work, home, homeStripe, workStripe } = world
  await merge(home, work)
  const before = await hanging(work)
  for (const customer of [homeStripe, workStripe])
    stripe.renewNow(String(stripe.all("subscription").find((each) => each.customer === customer)?.id))
  stripe.updateCustomer(homeStripe, { name: "Renamed at home" })
  await catchUp()
  expect(await hanging(home)).toEqual({})
  const after = await hanging(work)
  expect(after.invoices).toBe((before.invoices ?? 0) + 2)
  expect(await count(sql`select count(*) from customers where deleted_at is null`)).toBe(1)
  const kept = await db.execute(sql`select name, stage from customers where id = ${work}`)
  expect(kept.rows).toMatchObject([{ name: "work@example.com", stage: "active" }])
  stripe.cancel(String(stripe.all("subscription").find((each) => each.customer === workStripe)?.id))
  await catchUp()
  expect((await db.execute(sql`select stage from customers where id = ${work}`)).rows).toMatchObject([
    { stage: "active" },
  ])
  stripe.cancel(String(stripe.all("subscription").find((each) => each.customer === homeStripe)?.id))
  await catchUp()
  expect((await db.execute(sql`select stage from customers where id = ${work}`)).rows).toMatchObject([
    { stage: "churned" },
  ])
})

test("who was merged is found no more, and a chain of merges ends at the last", async () => {
  const { ctx, work, home } = world
  const lead = crypto.randomUUID()
  await db.execute(sql`
    insert into customers (id, email, name, country, created_at, synced_at, synced_order, digest)
    values (${lead}, 'lead@example.com', 'Lead', 'SE', now(), now(), '', '')`)
  await merge(lead, home)
  await merge(home, work)
  const chain = await db.execute(sql`select distinct merged_into from customers where id in (${lead}, ${home})`)
  expect(chain.rows).toEqual([{ merged_into: work }])
  const listed = await listCustomers(ctx, { filter: customerFilter.parse({}) })
  expect(listed.customers.map(({ id }) => id)).toEqual([work])
})

test("merges at once of people whom Stripe does not know lose nothing", async () => {
  const { ctx } = world
  for (let round = 0; round < 10; round++) {
    const [a = "", b = "", c = ""] = [0, 1, 2].map(() => crypto.randomUUID())
    for (const id of [a, b, c])
      await db.execute(sql`
        insert into customers (id, email, created_at, synced_at, synced_order, digest) values (${id}, ${`${id}@x.test`}, now(), now(), '', '')`)
    await addNote(ctx, { customerId: a, noteId: crypto.randomUUID(), text: "A note" })
    await Promise.allSettled([merge(a, b), merge(b, c)])
    const holder = await db.execute<{ merged_into: string | null }>(sql`
      select merged_into from customers where id = (select customer_id from customer_notes where customer_id in (${a}, ${b}, ${c}))`)
    expect(holder.rows).toEqual([{ merged_into: null }])
  }
})

test("is refused without the right, unasked, with oneself, twice, and onto who is none of Stripe's", async () => {
  const { ctx, work, home } = world
  const support = testContext({ db, now, actor: { ...owner, role: "support" }, vendors: {} })
  await expect(askToMerge(support, { a: home, b: work })).rejects.toMatchObject({ code: "forbidden" })
  const plain = { from: home, into: work, confirmation: undefined }
  await expect(mergeCustomers(support, plain)).rejects.toMatchObject({ code: "forbidden" })
  await expect(mergeCustomers(ctx, plain)).rejects.toMatchObject({ code: "conflict" })
  await expect(mergeCustomers(ctx, { ...plain, into: home })).rejects.toMatchObject({ code: "bad_request" })
  expect(await askToMerge(ctx, { a: work, b: work })).toBeNull()
  await merge(home, work)
  expect(await askToMerge(ctx, { a: home, b: work })).toBeNull()
  const lead = crypto.randomUUID()
  await db.execute(sql`
    insert into customers (id, email, created_at, synced_at, synced_order, digest) values (${lead}, 'l@example.com', now(), now(), '', '')`)
  const asked = await askToMerge(ctx, { a: lead, b: work })
  expect(asked?.ways.map(({ into }) => into.id)).toEqual([work])
})

test("who is deleted does not stay: staff would find neither any more", async () => {
  const { ctx, work, home } = world
  await db.execute(sql`update customers set deleted_at = now() where id = ${home}`)
  const asked = await askToMerge(ctx, { a: home, b: work })
  expect(asked?.ways.map(({ into }) => into.id)).toEqual([work])
  const { confirmation } = (await askToMerge(ctx, { a: home, b: work }))?.ways[0] ?? {}
  await db.execute(
    sql`update customers set deleted_at = case when id = ${work} then now() end where id in (${home}, ${work})`,
  )
  await expect(mergeCustomers(ctx, { from: home, into: work, confirmation })).rejects.toMatchObject({
    code: "conflict",
  })
})

test("erasing who stays erases who was merged into them", async () => {
  const { ctx, world: stripe, catchUp, work, home } = world
  for (const subscription of stripe.all("subscription")) stripe.cancel(subscription.id)
  await catchUp()
  await merge(home, work)
  const { confirmation } = await askToErase(ctx, work)
  await eraseCustomer(ctx, { id: work, confirmation: confirmation ?? undefined })
  const left = await db.execute(sql`select id from customers where email is not null or name is not null`)
  expect(left.rows).toEqual([])
  expect(await count(sql`select count(*) from stripe_events where payload like '%home@example.com%'`)).toBe(0)
})
