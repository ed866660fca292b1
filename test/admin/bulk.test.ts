import { type SQL, sql } from "drizzle-orm"
import { drizzle } from "drizzle-orm/node-postgres"
import pg from "pg"
import { beforeEach, expect, test } from "vitest"
import { bulkTag } from "../../shared/customers/bulkTag.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { type AdminSession, expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)

const fill = (customers: number, into: { execute(query: SQL): PromiseLike<unknown> } = db) =>
  into.execute(sql`
    insert into customers (id, stripe_id, email, name, country, tags, created_at, synced_at, synced_order, digest)
    select gen_random_uuid(), 'cus_' || g, 'c' || g || '@example.com', 'Customer ' || g, case when g % 2 = 0 then 'SE' else 'DE' end,
      case when g % 3 = 0 then array['zebra'] else '{}' end, now() - g * interval '1 second', now(), '', ''
    from generate_series(1, ${sql.raw(String(customers))}) g`)
const tagged = async (tag: string) =>
  (
    await db.execute<{ country: string; n: number }>(
      sql`select country, count(*)::int as n from customers where tags @> array[${tag}] group by 1 order by 1`,
    )
  ).rows
const log = async () =>
  (await db.execute(sql`select action, actor_label, after from audit_log where action like 'customers.%' order by at`))
    .rows

/** What the page that asks has in its form. */
async function asked(session: AdminSession, form: Record<string, string>): Promise<Record<string, string>> {
  const html = await (await session.get(`/customers/bulk?${new URLSearchParams(form)}`)).text()
  return { ...form, confirmation: /name="confirmation" value="([^"]*)"/.exec(html)?.[1] ?? "" }
}

beforeEach(async () => {
  await db.execute(sql`truncate customers cascade`)
})

test("all that match get a tag, on every page of the list, once, and nobody else", async () => {
  await fill(130)
  const ops = await admin.as("ops")
  const question = await (await ops.get("/customers/bulk?country=SE&change=add&bulkTag=VIP")).text()
  expect(question).toContain("Add the tag to 65 customers")
  const form = { country: "SE", change: "add", bulkTag: "vip", number: "65" }
  expect((await ops.post("/customers/bulk", form)).status).toBe(409)
  const answer = await ops.post("/customers/bulk", await asked(ops, form))
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/customers?country=SE&tagged=65"])
  expect(await tagged("vip")).toEqual([{ country: "SE", n: 65 }])
  const both = await db.execute(sql`select tags from customers where stripe_id = 'cus_6'`)
  expect(both.rows).toEqual([{ tags: ["vip", "zebra"] }])
  expect((await ops.post("/customers/bulk", form)).status).toBe(409)
  expect(await (await ops.get("/customers/bulk?country=SE&change=add&bulkTag=vip")).text()).toContain(
    "has the tag already",
  )

  expect((await ops.post("/customers/bulk", await asked(ops, { ...form, change: "remove" }))).status).toBe(303)
  expect(await tagged("vip")).toEqual([])
  expect(await log()).toEqual([
    {
      action: "customers.tagged",
      actor_label: "ops@local.test",
      after: { filter: { country: "SE" }, tag: "vip", number: 65 },
    },
    {
      action: "customers.untagged",
      actor_label: "ops@local.test",
      after: { filter: { country: "SE" }, tag: "vip", number: 65 },
    },
  ])
})

test("what no longer concerns the number that was shown is not done", async () => {
  await fill(10)
  const ops = await admin.as("ops")
  const before = await log()
  const answer = await ops.post("/customers/bulk", await asked(ops, { change: "add", bulkTag: "vip", number: "9" }))
  expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining("10 customers now, not 9")])
  expect(await tagged("vip")).toEqual([])
  expect(await log()).toEqual(before)
})

test("the list by MRR is of those who pay, and so is what is done to all of it", async () => {
  await fill(10)
  await db.execute(sql`insert into customer_mrr select id, 'eur', 900 from customers where country = 'SE'`)
  const ops = await admin.as("ops")
  expect(await (await ops.get("/customers/bulk?sort=-mrr&change=add&bulkTag=vip")).text()).toContain("5 customers")
})

test.each([
  ["no tag", { change: "add", bulkTag: "" }],
  ["a tag that is none", { change: "add", bulkTag: "<b>" }],
  ["NUL", { change: "remove", bulkTag: "a\0" }],
  ["neither adding nor removing", { change: "drop", bulkTag: "vip" }],
  ["a number that is none", { change: "add", bulkTag: "vip", number: "1; drop" }],
])("a form with %s is answered, and changes nothing", async (_what, form) => {
  await fill(4)
  const ops = await admin.as("ops")
  expect((await ops.post("/customers/bulk", { number: "4", ...form })).status).toBe(400)
  expect(await tagged("vip")).toEqual([])
})

test("whatever stands in a tag or a filter stays text", async () => {
  const hostile = `"><script>alert(1)</script>`
  await fill(3)
  await db.execute(sql`update customers set tags = array[${hostile}]`)
  const ops = await admin.as("ops")
  const query = `q=${encodeURIComponent("cus")}&tag=${encodeURIComponent(hostile)}&change=remove&bulkTag=${encodeURIComponent(hostile)}`
  const html = await (await ops.get(`/customers/bulk?${query}`)).text()
  expect(html).not.toContain("<script>alert")
  expect(
    (await ops.post("/customers/bulk", await asked(ops, { change: "remove", bulkTag: hostile, number: "3" }))).status,
  ).toBe(303)
  expect(await tagged(hostile)).toEqual([])
})

test("who may only change one customer at a time finds no form, and is refused", async () => {
  await fill(2)
  const support = await admin.as("support")
  expect(await (await support.get("/customers")).text()).not.toContain("Add tag to all")
  expect((await support.get("/customers/bulk?change=add&bulkTag=vip")).status).toBe(403)
  expect((await support.post("/customers/bulk", { change: "add", bulkTag: "vip", number: "2" })).status).toBe(403)
})

test("100,000 customers are tagged by one statement, also where statistics know of none of them", async () => {
  const importing = new pg.Client({ connectionString: database.url })
  await importing.connect()
  await importing.query("begin")
  await fill(100_000, drizzle({ client: importing }))
  await db.execute(sql`analyze customers`)
  await importing.query("commit")
  await importing.end()
  const ctx = testContext({ db, now: new Date(), vendors: {} })
  await bulkTag(ctx, { filter: {}, change: "add", tag: "vip", number: 100_000 })
  expect(await tagged("vip")).toEqual([
    { country: "DE", n: 50_000 },
    { country: "SE", n: 50_000 },
  ])
}, 60_000)

test("in a browser: a filter, a tag for all that match, the question, done", async () => {
  await fill(120)
  const { page, problems } = await admin.browser("ops")
  await page.goto("/customers?country=SE")
  await page.getByLabel("All that match, on every page").fill("newsletter")
  await page.getByRole("button", { name: "Add tag to all" }).click()
  await page.getByRole("heading", { name: "Tag 60 customers?" }).waitFor()
  await expectAccessible(page)
  await screenshots(page, "admin-customers-bulk")
  await page.getByRole("button", { name: "Add the tag to 60 customers" }).click()
  await page.getByText("60 customers were changed.").waitFor()
  expect(new URL(page.url()).searchParams.get("country")).toBe("SE")
  expect(await page.locator("#results tbody .tag", { hasText: "newsletter" }).count()).toBe(50)
  await expectAccessible(page)
  await screenshots(page, "admin-customers-tagged")
  expect(problems).toEqual([])
}, 60_000)
