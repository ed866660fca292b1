import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)

const hostile = '=1+1"><script>alert(1)</script>'

beforeAll(async () => {
  // A log without a line has nothing to lose.
  await db.execute(sql`truncate audit_log`)
  await db.execute(sql`
    insert into audit_log (id, at, actor, actor_label, action, subject_type, subject_id, after, outcome, request_id)
    select gen_random_uuid(), '2026-11-01T00:00:00Z'::timestamptz + g / 10 * interval '1 minute', 'staff:1',
      case when g % 2 = 0 then 'eve@example.com' else 'bob@example.com' end, 'customer.tagged', 'customer', 'c' || g % 3,
      case g when 2 then jsonb_build_object('name', ${hostile}::text) end, case when g % 5 = 0 then 'denied' else 'done' end, 'r' || g
    from generate_series(1, 1100) g`)
})

test.each([
  ["changed", sql`update audit_log set actor = 'nobody'`],
  ["deleted", sql`delete from audit_log`],
  ["emptied", sql`truncate audit_log`],
  ["emptied by way of another table", sql`truncate audit_log, settings cascade`],
])("the database refuses that the log is %s", async (_what, statement) => {
  await expect(db.execute(statement)).rejects.toMatchObject({ cause: { code: "42501" } })
})

test("pages follow each other without a gap or a repeat, also among lines of one moment", async () => {
  const owner = await admin.as("owner")
  const seen: string[] = []
  let path: string | null = "/audit?who=eve%40example.com"
  while (path) {
    const html: string = await (await owner.get(path)).text()
    seen.push(...[...html.matchAll(/data-head="Request">(r\d+)</g)].map(([, id]) => id ?? ""))
    path = /href="([^"]*)" rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? null
  }
  expect(seen).toHaveLength(550)
  expect(new Set(seen).size).toBe(550)
})

test.each([
  ["outcome=denied", "r5<", "r6<"],
  ["subject=customer:c1", "r1<", "r2<"],
  ["subject=customer", "r1<", "no such line"],
  ["who=bob%40example.com", "r1<", "r2<"],
])("a filter by %s shows what fits only", async (query, fits, not) => {
  const owner = await admin.as("owner")
  const html = await (await owner.get(`/audit/export.csv?to=2026-11-01&${query}`)).text()
  const ids = html
    .trimEnd()
    .split("\r\n")
    .map((line) => `${line.split(",").at(-1)}<`)
  expect(ids).toContain(fits)
  expect(ids).not.toContain(not)
})

test.each([
  "after=nonsense",
  'after=["2026-99-99 00:00:00","00000000-0000-4000-8000-000000000000"]',
  "outcome=x&from=yesterday&to=2026-13-01",
  "subject=%3A&who=%27",
])("an address that somebody has tampered with (%s) shows a page all the same", async (query) => {
  const owner = await admin.as("owner")
  expect((await owner.get(`/audit?${query}`)).status).toBe(200)
})

test("everything that fits is exported, with hostile text as text, and the export is itself in the log", async () => {
  const owner = await admin.as("owner")
  const csv = await (await owner.get("/audit/export.csv?action=customer.tagged")).text()
  expect(csv.trimEnd().split("\r\n")).toHaveLength(1101)
  const html = await (await owner.get("/audit?subject=customer:c2&to=2026-11-01")).text()
  expect(html).not.toContain("<script>alert")
  const { rows } = await db.execute(
    sql`select actor_label, after from audit_log where action = 'audit.exported' order by at desc limit 1`,
  )
  expect(rows).toEqual([{ actor_label: "owner@local.test", after: { filter: { action: "customer.tagged" } } }])
})

test("who may not read the log is refused, which is a line of it", async () => {
  const support = await admin.as("support")
  expect((await support.get("/audit")).status).toBe(403)
  expect((await support.get("/audit/export.csv")).status).toBe(403)
  expect(await (await support.get("/")).text()).not.toContain('href="/audit"')
  const { rows } = await db.execute(
    sql`select after from audit_log where outcome = 'denied' and actor_label = 'support@local.test'`,
  )
  expect(rows).toContainEqual({ after: { tried: "GET /audit" } })
})

test("the page is accessible and filters without a reload", async () => {
  const { page, problems } = await admin.browser("owner")
  await page.goto("/audit")
  await expectAccessible(page)
  await page.getByLabel("Outcome").selectOption("denied")
  await page.waitForURL(/outcome=denied/)
  await expectAccessible(page)
  expect(problems).toEqual([])
})
