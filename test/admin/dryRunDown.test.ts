import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
// Without the webhooks Worker, which tries rules.
const admin = useAdmin(database)

test("where nobody tries rules, the form says so, keeps what was entered, and can be saved", async () => {
  const ops = await admin.as("ops")
  const form = {
    name: "Big <b>spenders</b>",
    changeKind: "invoice.paid",
    enabled: "yes",
    "if-match": "all",
    "if-line": "row:1",
    "if-field": "invoice.total",
    "if-key": "",
    "if-op": "gte",
    "if-value": "4711",
    do: "notify_staff",
    target: "A big one",
    subject: "",
    event: "evt_1",
  }
  const tried = await ops.post("/automations/rules/new", { ...form, does: "try" })
  expect(tried.status).toBe(503)
  const html = await tried.text()
  expect(html).toContain("does not answer")
  for (const entered of ["Big &lt;b&gt;spenders", "4711", "A big one", "evt_1"]) expect(html).toContain(entered)

  expect((await ops.post("/automations/rules/new", { ...form, does: "save" })).status).toBe(303)
  expect((await database.db.execute(sql`select enabled from rules where name = ${form.name}`)).rows).toEqual([
    { enabled: true },
  ])
})
