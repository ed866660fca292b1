import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { csvLine } from "../../shared/csv.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)

beforeAll(async () => {
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, country, created_at, synced_at, synced_order, digest)
    select gen_random_uuid(), 'cus_' || g, 'c' || g || '@example.com', case g when 7 then ${'=HYPERLINK("http://evil.example")'} else 'Customer ' || g end,
      case when g % 2 = 0 then 'SE' else 'DE' end, now() - g * interval '1 second', now(), '', ''
    from generate_series(1, 2500) g`)
  await db.execute(sql`insert into customer_mrr select id, 'jpy', 1200 from customers where stripe_id = 'cus_2'`)
})

test.each([
  [["plain", 5, null], "plain,5,\r\n"],
  [['say "hi"', "a,b", "two\nlines"], '"say ""hi""","a,b","two\nlines"\r\n'],
  [["=1+1", "+49", "-2", "@x", "\tx", "＝x", "\rx"], `"'=1+1","'+49","'-2","'@x","'\tx","'＝x","'\rx"\r\n`],
  [[-5, 0], "-5,0\r\n"],
])("%j is written so that every program reads the same", (values, line) => {
  expect(csvLine(values)).toBe(line)
})

test("everything that matches is exported, formulas as text, amounts with their currency", async () => {
  const finance = await admin.as("finance")
  const answer = await finance.get("/customers/export.csv?country=SE")
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8")
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="customers-\d{4}-\d\d-\d\d\.csv"$/)
  const lines = (await answer.text()).trimEnd().split("\r\n")
  expect(lines).toHaveLength(1 + 1250)
  expect(new Set(lines).size).toBe(1251)
  expect(lines[1]).toContain("1200 JPY")
  const german = await (await finance.get("/customers/export.csv?country=DE&q=cus_7")).text()
  expect(german).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
  const log = await db.execute(
    sql`select actor_label, after from audit_log where action = 'customers.exported' order by at limit 1`,
  )
  expect(log.rows).toMatchObject([{ actor_label: "finance@local.test", after: { filter: { country: "SE" } } }])
})

test("who may not export is refused, and finds no button", async () => {
  const support = await admin.as("support")
  expect((await support.get("/customers/export.csv")).status).toBe(403)
  expect(await (await support.get("/customers")).text()).not.toContain("Export as CSV")
})
