import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type NeonHttp, startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { screenshots } from "../support/browser.ts"
import { type AdminSession, expectAccessible, useAdmin } from "../support/useAdmin.ts"
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

beforeEach(async () => {
  await db.execute(sql`truncate customers, segments cascade`)
  await fill(120)
})

const fill = (customers: number) =>
  db.execute(sql`
    insert into customers (id, stripe_id, email, name, country, stage, tags, created_at, synced_at, synced_order, digest)
    select gen_random_uuid(), 'cus_' || gen_random_uuid(), 'c' || g || '@example.com', 'Customer ' || g, case when g % 2 = 0 then 'SE' else 'DE' end,
      case when g % 4 = 0 then 'churned' else 'active' end, '{}', now() - g * interval '1 second', now(), '', ''
    from generate_series(1, ${sql.raw(String(customers))}) g`)

/** A form with one condition a line: field, operator, values. */
function form(name: string, ...conditions: [string, string, ...string[]][]) {
  const fields: Record<string, string | string[]> = {
    id: crypto.randomUUID(),
    name,
    match: "all",
    does: "save",
    row: [],
  }
  fields.row = conditions.map((_, index) => String(index))
  for (const [index, [field, op, ...values]] of conditions.entries())
    Object.assign(fields, { [`field-${index}`]: field, [`op-${index}`]: op, [`value-${index}`]: values })
  return fields
}

async function save(session: AdminSession, fields: ReturnType<typeof form>): Promise<string> {
  const answer = await session.post("/customers/segments/new", fields)
  expect([answer.status, answer.status === 303 || (await answer.text())]).toEqual([303, true])
  return String(fields.id)
}

const swedes: [string, string, string] = ["customer.country", "in", "se"]

test("a segment filters the list, together with other filters, page by page, and its export and bulk changes", async () => {
  const ops = await admin.as("ops")
  const id = await save(ops, form("Swedes", swedes))
  const names = async (address: string) => {
    const seen: (string | undefined)[] = []
    for (let next: string | undefined = address; next; ) {
      const html: string = await (await ops.get(next)).text()
      seen.push(...[...html.matchAll(/<a href="\/customers\/[0-9a-f-]{36}">([^<]*)<\/a>/g)].map(([, name]) => name))
      next = /<a href="([^"]+)" rel="next">/.exec(html)?.[1]?.replaceAll("&amp;", "&")
    }
    return seen
  }
  const even = Array.from({ length: 60 }, (_, index) => `Customer ${2 * index + 2}`)
  expect(await names(`/customers?segment=${id}`)).toEqual(even)
  expect(await names(`/customers?segment=${id}&stage=churned`)).toEqual(even.filter((_, index) => index % 2 === 1))
  const exported = (await (await ops.get(`/customers/export.csv?segment=${id}&stage=churned`)).text()).trimEnd()
  expect(exported.split("\r\n")).toHaveLength(1 + 30)
  const question = await (await ops.get(`/customers/bulk?segment=${id}&change=add&bulkTag=swede`)).text()
  const confirmation = /name="confirmation" value="([^"]*)"/.exec(question)?.[1] ?? ""
  const bulk = { segment: id, change: "add", bulkTag: "swede", number: "60", confirmation }
  expect((await ops.post("/customers/bulk", bulk)).status).toBe(303)
  const tagged = await db.execute(
    sql`select country, count(*)::int as n from customers where tags = '{swede}' group by 1`,
  )
  expect(tagged.rows).toEqual([{ country: "SE", n: 60 }])
})

test("lists and editors of segments take at most three round trips, and so does everything of a segment", async () => {
  const ops = await admin.as("ops")
  const id = await save(ops, form("Swedes", swedes))
  for (const address of [
    "/customers/segments",
    `/customers/segments/${id}`,
    `/customers?segment=${id}`,
    `/customers/bulk?segment=${id}&change=add&bulkTag=x`,
  ]) {
    const before = neon.roundTrips()
    expect((await ops.get(address)).status).toBe(200)
    expect([address, neon.roundTrips() - before <= 3]).toEqual([address, true])
  }
})

test("sizes are counted up to 10,000, and the list of segments goes on page by page", async () => {
  await fill(9_950)
  const ops = await admin.as("ops")
  await save(ops, form("b Everybody", ["customer.stage", "in", "active", "churned"]))
  await save(ops, form("a Nobody", ["customer.country", "in", "NO"]))
  for (let index = 0; index < 9; index++) await save(ops, form(`c ${index}`, swedes))
  const html = await (await ops.get("/customers/segments")).text()
  expect([...html.matchAll(/data-head="Customers">([^<]*)</g)].map(([, size]) => size).slice(0, 3)).toEqual([
    "0",
    "10,000+",
    "5,035",
  ])
  const next = /<a href="([^"]+)" rel="next">/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? ""
  expect(await (await ops.get(next)).text()).toContain(">c 8<")
})

test("a segment that is sent twice is saved once, changed, renamed and deleted, and the audit log tells", async () => {
  const support = await admin.as("support")
  const fields = form("Swedes", swedes)
  const id = await save(support, fields)
  await save(support, fields)
  const changed = { ...form("Norwegians", ["customer.country", "in", "NO, SE"]), id, seenVersion: "1" }
  expect((await support.post(`/customers/segments/${id}`, changed)).status).toBe(303)
  const kept = await db.execute(sql`select name, condition from segments`)
  expect(kept.rows).toEqual([
    { name: "Norwegians", condition: { all: [{ field: "customer.country", op: "in", value: ["NO", "SE"] }] } },
  ])
  expect((await support.post(`/customers/segments/${id}`, changed)).status).toBe(303)
  const late = { ...form("Danes", ["customer.country", "in", "DK"]), id, seenVersion: "1" }
  const refused = await support.post(`/customers/segments/${id}`, late)
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining("Somebody else has changed")])
  expect((await support.post("/customers/segments/new", form("NORWEGIANS", swedes))).status).toBe(409)
  expect((await support.post(`/customers/segments/${id}/delete`)).status).toBe(303)
  expect((await support.post(`/customers/segments/${id}/delete`)).status).toBe(303)
  expect((await support.get(`/customers?segment=${id}`)).status).toBe(404)
  expect((await support.get(`/customers/segments/${id}`)).status).toBe(404)
  const log = await db.execute(
    sql`select action, before ->> 'name' as before, after ->> 'name' as after from audit_log where subject_id = ${id} order by at`,
  )
  expect(log.rows).toEqual([
    { action: "segment.saved", before: null, after: "Swedes" },
    { action: "segment.saved", before: "Swedes", after: "Norwegians" },
    { action: "segment.deleted", before: "Norwegians", after: null },
  ])
})

test.each([
  ["no name", form("  ", swedes), "needs a name"],
  ["a name of two lines", form("a\nb", swedes), "needs a name"],
  ["no condition", form("x"), "between 1 and 20 conditions"],
  ["nothing to compare with", form("x", ["customer.name", "contains", ""]), "Name: say what to compare with"],
  ["no choice", form("x", ["customer.stage", "in"]), "Stage"],
  ["a stage that there is not", form("x", ["customer.stage", "in", "nowhere"]), "Stage: choose one or more"],
  ["a day that there is not", form("x", ["customer.createdAt", "gte", "2026-02-30"]), "give a day"],
  ["an amount that is none", form("x", ["mrr.eur", "gte", "many"]), "give an amount"],
  ["NUL", form("x", ["customer.name", "eq", "a\0"]), "between 1 and 20"],
])("a form with %s is not kept, and says why", async (_what, fields, message) => {
  const ops = await admin.as("ops")
  const answer = await ops.post("/customers/segments/new", fields)
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(message)])
  expect((await db.execute(sql`select 1 from segments`)).rows).toEqual([])
})

test("whatever stands in a segment stays text", async () => {
  const ops = await admin.as("ops")
  for (const [index, hostile] of [
    `"><script>alert(1)</script>`,
    "<img src=x onerror=alert(1)>",
    "' or 1=1 --",
    "{{7*7}} =1+1",
    "\u202Etxt.exe",
    "%_\\",
  ].entries()) {
    const fields = form(
      `${hostile} ${index}`,
      ["customer.name", "contains", hostile],
      ["customer.tags", "not_in", hostile],
      ["subscription.products", "not_in", hostile],
    )
    const id = await save(ops, fields)
    for (const address of ["/customers/segments", `/customers/segments/${id}`, `/customers?segment=${id}`, "/audit"])
      expect(await (await ops.get(address)).text()).not.toMatch(/<script>alert|<img src=x/)
    expect(await (await ops.get(`/customers?segment=${id}`)).text()).toContain("No customer fits")
  }
})

test("who may only read sees segments and changes none", async () => {
  const ops = await admin.as("ops")
  const id = await save(ops, form("Swedes", swedes))
  const viewer = await admin.as("viewer")
  expect(await (await viewer.get(`/customers/segments/${id}`)).text()).not.toContain("Save segment</button></p>")
  for (const path of ["new", id, `${id}/delete`])
    expect((await viewer.post(`/customers/segments/${path}`, form("x", swedes))).status).toBe(403)
})

test("a segment is written without script: choose, go on, compare, go on, save", async () => {
  const ops = await admin.as("ops")
  const id = crypto.randomUUID()
  const begun = await ops.post("/customers/segments/new", {
    id,
    name: "",
    match: "all",
    does: "more",
    row: "0",
    "field-0": "customer.stage",
  })
  const html = await begun.text()
  for (const part of ['value="churned"', "is none of", 'name="field-1"', `value="${id}"`]) expect(html).toContain(part)
  const compared = await ops.post("/customers/segments/new", {
    ...form("Gone", ["customer.stage", "in", "churned"], ["", "", ""]),
    id,
    does: "more",
  })
  expect(await compared.text()).toContain("30 customers now.")
})

test("in a browser: a new segment, its size while it is written, its customers", async () => {
  const { page, problems } = await admin.browser("support")
  await page.goto("/customers")
  await page.getByRole("link", { name: "Segments" }).click()
  await page.getByText("There is no segment yet").waitFor()
  await page.getByRole("link", { name: "New segment" }).click()
  await page.getByLabel("Name", { exact: true }).fill("Swedes who left")
  await page.getByLabel("Customers by").selectOption("Stage")
  await page.getByLabel("churned").check()
  // What has just come answers once htmx has settled it.
  await expect.poll(() => page.locator(".htmx-request, .htmx-added, .htmx-settling").count()).toBe(0)
  await page.getByLabel("Another condition").selectOption("Country")
  await page.getByLabel("with", { exact: true }).fill("se")
  await page.getByRole("button", { name: "Go on" }).click()
  await page.getByText("30 customers now.").waitFor()
  await expectAccessible(page)
  await screenshots(page, "admin-segment")
  await page.getByRole("button", { name: "Save segment" }).last().click()
  await page.getByText("The segment is saved.").waitFor()
  await page.goto("/customers/segments")
  await page.getByText("Stage is one of churned and Country is one of SE").waitFor()
  await expectAccessible(page)
  await screenshots(page, "admin-segments")
  await page.getByRole("link", { name: "Swedes who left", exact: true }).click()
  await page.getByLabel("Segment", { exact: true }).waitFor()
  expect(await page.locator("#results tbody tr").count()).toBe(30)
  await expectAccessible(page)
  expect(problems).toEqual([])
}, 60_000)
