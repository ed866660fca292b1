import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type NeonHttp, startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { screenshots } from "../support/browser.ts"
import { apiOf, playedHistory } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
let neon: NeonHttp
beforeAll(async () => {
  neon = await startNeonHttp()
})
afterAll(() => neon.close())
const admin = useAdmin({
  ...database,
  /** In front of the same database, to count round trips. */
  get httpEndpoint() {
    return neon.endpoint
  },
})
const now = new Date()
const hostile = `"><script>alert(1)</script><img src=x onerror=alert(1)> \u202Etxt.exe =cmd|'/c'!A1 {{7*7}}`

const idOf = async (email: string) => {
  const found = await db.execute<{ id: string }>(sql`select id from customers where email = ${email}`)
  return found.rows[0]?.id ?? "none"
}
const names = (html: string) =>
  [...html.matchAll(/<a href="\/customers\/[0-9a-f-]{36}">([^<]*)<\/a>/g)].map(([, name]) => name)

beforeAll(async () => {
  const history = playedHistory({ seed: 4, customers: 12, steps: 80, until: now })
  const { world } = history
  world.advanceClock(Math.floor(now.getTime() / 1000) - world.now() - 60)
  const fresh = world.createCustomer({ email: "fresh@example.com", name: "Fresh", country: "SE" })
  world.subscribe({ customer: fresh.id, price: "price_pro_eur_month", card: "works" })
  const ctx = testContext({ db, now, vendors: { stripe: apiOf(world, now) } })
  await seedDefaults(ctx)
  await play(ctx, world.events)
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, country, stage, created_at, synced_at, synced_order, digest)
    select gen_random_uuid(), 'cus_many_' || g, 'many' || g || '@example.net', 'Many ' || lpad(g::text, 3, '0'), 'FI', 'lead',
      now() - g * interval '1 minute' - interval '1 year', now(), '', ''
    from generate_series(1, 120) g`)
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, phone, country, currency, locale, tags, created_at, synced_at, synced_order, digest)
    values (gen_random_uuid(), ${hostile}, ${`${hostile}@example.org`}, ${hostile}, ${hostile}, 'DE', 'eur', ${hostile}, array[${hostile}], now(), now(), '', '')`)
}, 60_000)

test.each([
  ["part of a name, whatever its case", "mANY 01", "Many 010"],
  ["part of an e-mail", "many77@", "Many 077"],
  ["part of a Stripe id", "us_many_33", "Many 033"],
])("three letters or more find a customer: %s", async (_what, q, name) => {
  const session = await admin.as("viewer")
  expect(names(await (await session.get(`/customers?q=${encodeURIComponent(q)}`)).text())).toContain(name)
  expect(await (await session.get(`/search?q=${encodeURIComponent(q)}`)).text()).toContain(name)
})

test("a subscription is found by the beginning of its Stripe id, with its plan, its state and whose it is", async () => {
  const [row] = (
    await db.execute<{ id: string; customer_id: string }>(sql`
      select s.id, s.customer_id from subscriptions s join customers c on c.id = s.customer_id where c.name = 'Fresh'`)
  ).rows
  const session = await admin.as("viewer")
  const html = await (await session.get(`/search?q=${row?.id.slice(0, 12)}`)).text()
  expect(html).toContain(`href="/customers/${row?.customer_id}#subscriptions"`)
  expect(html).toContain("Ops Pro · active · Fresh")
  expect(await (await session.get("/search?q=sub%25")).text()).not.toContain("#subscriptions")
})

test("signs that mean something to a pattern are looked for as they are", async () => {
  const session = await admin.as("viewer")
  expect(names(await (await session.get("/customers?q=%25%25%25")).text())).toEqual([])
  expect(names(await (await session.get("/customers?q=y_0_1")).text())).toEqual([])
})

test("pages follow each other without a gap or a repetition, in every order", async () => {
  const session = await admin.as("viewer")
  for (const sort of ["-created", "created", "name"]) {
    const seen: (string | undefined)[] = []
    let address: string | undefined = `/customers?country=FI&sort=${sort}`
    while (address) {
      const html: string = await (await session.get(address)).text()
      seen.push(...names(html))
      address = /<a href="([^"]+)" rel="next">/.exec(html)?.[1]?.replaceAll("&amp;", "&")
    }
    const expected = Array.from({ length: 120 }, (_, index) => `Many ${String(index + 1).padStart(3, "0")}`)
    expect(seen).toEqual(sort === "created" ? expected.reverse() : expected)
  }
})

test("filters narrow the list down, alone and together, and say so in the address", async () => {
  const session = await admin.as("viewer")
  const counted = async (where: ReturnType<typeof sql>) =>
    (
      await db.execute<{ count: number }>(
        sql`select count(*)::int as count from customers c where deleted_at is null and ${where}`,
      )
    ).rows[0]?.count
  const listed = async (query: string) => names(await (await session.get(`/customers?${query}`)).text()).length
  expect(await listed("stage=churned")).toBe(await counted(sql`stage = 'churned'`))
  expect(await listed("country=SE&stage=active")).toBe(await counted(sql`stage = 'active' and country = 'SE'`))
  expect(await listed("currency=eur&mrrFrom=10&mrrTo=1000")).toBe(
    await counted(
      sql`id in (select customer_id from customer_mrr where currency = 'eur' and amount between 1000 and 100000)`,
    ),
  )
  expect(await listed("currency=eur&mrrFrom=10")).toBeGreaterThan(0)
  expect(await listed("risk=yes")).toBe(
    await counted(sql`exists (select from subscriptions s where s.customer_id = c.id
      and (s.status in ('past_due', 'unpaid') or (s.cancel_at_period_end and s.status in ('active', 'trialing'))))`),
  )
})

test.each([
  "stage=nonsense",
  "mrrFrom=abc&currency=eur",
  "sort=drop",
  "after=%5B1%2C2%5D",
  "after=x",
  "currency=%27",
  `q=${"x".repeat(5000)}`,
])("an address that somebody has tampered with (%s) shows a list, not an error", async (query) => {
  const session = await admin.as("viewer")
  expect((await session.get(`/customers?${query}`)).status).toBe(200)
})

test("the profile tells what the record holds", async () => {
  const session = await admin.as("viewer")
  const id = await idOf("c0@example.com")
  const html = await (await session.get(`/customers/${id}`)).text()
  const [record] = (
    await db.execute<{ invoices: number; mails: number; owed: number }>(sql`
      select (select count(*)::int from invoices where customer_id = ${id}) as invoices,
        (select count(*)::int from email_outbox where customer_id = ${id}) as mails,
        (select coalesce(sum(amount_remaining), 0)::int from invoices where customer_id = ${id} and status = 'open') as owed`)
  ).rows
  expect(record?.invoices).toBeGreaterThan(0)
  expect(html).toContain("c0@example.com")
  for (const part of [
    "Subscriptions",
    "Invoices and payments",
    "Timeline",
    "Tags",
    "Notes",
    "Sequences",
    "Mails",
    "Stages",
  ])
    expect(html).toContain(`<h2>${part}</h2>`)
  expect((html.match(/href="\/outbox\//g) ?? []).length).toBe(Math.min(20, record?.mails ?? 0))
})

test("list and profile take at most three database round trips, session included", async () => {
  const session = await admin.as("viewer")
  const id = await idOf("c0@example.com")
  for (const address of ["/customers?q=many", `/customers/${id}`, "/"]) {
    const before = neon.roundTrips()
    expect((await session.get(address)).status).toBe(200)
    expect(neon.roundTrips() - before).toBeLessThanOrEqual(3)
  }
})

test("a tag is added once and removed, and the audit log keeps who did it", async () => {
  const support = await admin.as("support")
  const id = await idOf("many5@example.net")
  await support.post(`/customers/${id}/tags`, { tag: " VIP " })
  await support.post(`/customers/${id}/tags`, { tag: "vip" })
  const tags = async () => (await db.execute(sql`select tags from customers where id = ${id}`)).rows[0]?.tags
  expect(await tags()).toEqual(["vip"])
  await support.post(`/customers/${id}/tags/remove`, { tag: "vip" })
  expect(await tags()).toEqual([])
  const log = await db.execute(
    sql`select actor_label, before, after from audit_log where subject_id = ${id} order by at`,
  )
  expect(log.rows[0]).toEqual({ actor_label: "support@local.test", before: [], after: { add: ["vip"], remove: [] } })
  expect((await support.post(`/customers/${id}/tags`, { tag: "<b>" })).status).toBe(400)
})

test("a note sent twice is written once, with who wrote it", async () => {
  const support = await admin.as("support")
  const id = await idOf("many6@example.net")
  const note = { noteId: crypto.randomUUID(), text: "Called.\nWill pay on Friday." }
  await support.post(`/customers/${id}/notes`, note)
  await support.post(`/customers/${id}/notes`, note)
  const notes = await db.execute(sql`select text, author_label from customer_notes where customer_id = ${id}`)
  expect(notes.rows).toEqual([{ text: note.text, author_label: "Local support" }])
})

test("a sequence is stopped: what was due of it is not sent, and what was sent stays as it was", async () => {
  const support = await admin.as("support")
  const [row] = (
    await db.execute<{ id: string; customer_id: string }>(sql`
      select e.id, e.customer_id from enrolments e where e.status = 'active'
        and exists (select from email_outbox o where o.enrolment_id = e.id and o.status = 'due') limit 1`)
  ).rows
  if (!row) throw new Error("The history has nobody in a sequence.")
  expect((await support.post(`/customers/${row.customer_id}/enrolments/stop`, { enrolment: row.id })).status).toBe(303)
  const left = await db.execute(sql`
    select (select status from enrolments where id = ${row.id}) as enrolment,
      (select count(*)::int from email_outbox where enrolment_id = ${row.id} and status = 'due') as due`)
  expect(left.rows).toEqual([{ enrolment: "exited", due: 0 }])
})

test("who may only read finds no button, and is refused", async () => {
  const viewer = await admin.as("viewer")
  const id = await idOf("many7@example.net")
  expect(await (await viewer.get(`/customers/${id}`)).text()).not.toContain("Add tag")
  expect((await viewer.post(`/customers/${id}/tags`, { tag: "vip" })).status).toBe(403)
  expect((await viewer.post(`/customers/${id}/notes`, { noteId: crypto.randomUUID(), text: "x" })).status).toBe(403)
})

test("an address that holds no place in the timeline shows its beginning", async () => {
  const id = String((await db.execute(sql`select customer_id from timeline_entries limit 1`)).rows[0]?.customer_id)
  for (const before of ['["2026-01-01T00:00:00+23:59","1"]', '["2026-02-31T00:00:00Z","1"]', "[]", "x"]) {
    const answer = await (await admin.as("viewer")).get(`/customers/${id}?before=${encodeURIComponent(before)}`)
    expect([before, answer.status]).toEqual([before, 200])
  }
})

test("who is not there is not found", async () => {
  const viewer = await admin.as("viewer")
  expect((await viewer.get(`/customers/${crypto.randomUUID()}`)).status).toBe(404)
  expect((await viewer.get("/customers/1")).status).toBe(404)
  expect((await viewer.get("/customers/------------------------------------")).status).toBe(404)
})

test("in a browser: three letters, the customer, a tag; hostile text stays text", async () => {
  const { page, problems } = await admin.browser("owner")
  let alerts = 0
  page.on("dialog", (dialog) => {
    alerts++
    void dialog.dismiss()
  })
  await page.goto("/customers")
  await screenshots(page, "admin-customers")
  await expectAccessible(page)
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.getByLabel("Search", { exact: true }).last().fill("c0@")
  await page.locator("#results tbody tr").first().getByText("c0@example.com").waitFor()
  expect(new URL(page.url()).searchParams.get("q")).toBe("c0@")
  await page.locator("#results tbody a").first().click()
  await page.getByRole("heading", { level: 1 }).waitFor()
  await screenshots(page, "admin-customer")
  await expectAccessible(page)
  await page.getByLabel("New tag").fill("pays late")
  await page.getByRole("button", { name: "Add tag" }).click()
  await page.locator("#tags .badge", { hasText: "pays late" }).waitFor()

  await page.goto("/customers?country=DE")
  await page.goto(`/customers/${await idOf(`${hostile}@example.org`)}`)
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(hostile)
  await screenshots(page, "admin-customer-hostile")
  const wider = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth")
  expect(wider).toBeLessThanOrEqual(0)
  expect(alerts).toBe(0)
  expect(problems).toEqual([])
}, 60_000)
