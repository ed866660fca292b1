import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { screenshots } from "../support/browser.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const admin = useAdmin(database)
const kept = async (name: string) =>
  (await database.db.execute<{ value: unknown }>(sql`select value from settings where name = ${name}`)).rows[0]?.value
const seenAt = (html: string, name: string) =>
  new RegExp(`action="/settings/${name}".*?name="seenAt" value="([^"]*)"`, "s").exec(html)?.[1] ?? "missing"

test("staff who may change a setting see it hold, and the audit log tells what it was before", async () => {
  const ops = await admin.as("ops")
  const lifecycle = { purchaseHours: "12", onboardingDays: "10", winBackAfterDays: "45" }
  expect((await ops.post("/settings/lifecycle", { ...lifecycle, seenAt: "" })).status).toBe(303)
  const html = await (await ops.get("/settings")).text()
  await ops.post("/settings/lifecycle", { ...lifecycle, onboardingDays: "20", seenAt: seenAt(html, "lifecycle") })
  expect(await kept("lifecycle")).toEqual({ purchaseHours: 12, onboardingDays: 20, winBackAfterDays: 45 })
  const log = await database.db.execute(
    sql`select actor_label, action, before, after from audit_log where subject_id = 'lifecycle' order by at`,
  )
  expect(log.rows).toEqual([
    {
      actor_label: "ops@local.test",
      action: "setting.changed",
      before: null,
      after: { purchaseHours: 12, onboardingDays: 10, winBackAfterDays: 45 },
    },
    {
      actor_label: "ops@local.test",
      action: "setting.changed",
      before: { purchaseHours: 12, onboardingDays: 10, winBackAfterDays: 45 },
      after: { purchaseHours: 12, onboardingDays: 20, winBackAfterDays: 45 },
    },
  ])
})

test("of two who change the same setting at once, the second is told and changes nothing", async () => {
  const ops = await admin.as("ops")
  const at = seenAt(await (await ops.get("/settings")).text(), "currencies")
  expect((await ops.post("/settings/currencies", { reporting: "usd", seenAt: at })).status).toBe(303)
  const second = await ops.post("/settings/currencies", { reporting: "sek", seenAt: at })
  expect(second.status).toBe(409)
  expect(await second.text()).toContain("Somebody else has changed this setting")
  expect(await kept("currencies")).toEqual({ reporting: "usd" })
})

test.each([
  ["brand", { fromEmail: "nobody" }, "Not an e-mail address."],
  ["brand", { websiteUrl: "javascript:alert(1)" }, "Not a web address"],
  ["brand", { fromName: "A\r\nBcc: all@example.com" }, "one line"],
  ["brand", { timeZone: "Mars/Olympus" }, "Not a time zone"],
  ["currencies", { reporting: "EURO" }, "ISO 4217"],
  ["marketing", { quietFrom: "25:00" }, "time of day"],
  ["lifecycle", { purchaseHours: "many" }, "whole number"],
  ["lifecycle", { purchaseHours: "-1" }, "At least 1"],
])("a value for %s that does not fit (%j) is refused beside its field", async (name, value, told) => {
  const ops = await admin.as("ops")
  const before = await kept(name)
  const answer = await ops.post(`/settings/${name}`, { seenAt: "", ...value })
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain(told)
  expect(await kept(name)).toEqual(before)
})

test("who may only read sees the settings without a way to change them, and a try is kept", async () => {
  const viewer = await admin.as("viewer")
  expect(await (await viewer.get("/settings")).text()).not.toContain("Save brand")
  expect((await viewer.post("/settings/currencies", { reporting: "sek", seenAt: "" })).status).toBe(403)
  const log = await database.db.execute(
    sql`select actor_label, subject_id, after from audit_log where outcome = 'denied'`,
  )
  expect(log.rows).toEqual([
    { actor_label: "viewer@local.test", subject_id: "settings:write", after: { tried: "POST /settings/currencies" } },
  ])
})

test("the page in a browser", async () => {
  const { page, problems } = await admin.browser("owner")
  await page.goto("/settings")
  await screenshots(page, "admin-settings")
  await expectAccessible(page)
  await page.getByLabel("Name of the business").fill("<script>alert(1)</script>")
  await page.getByRole("button", { name: "Save brand" }).click()
  await page.getByText("Saved. It holds from now on.").waitFor()
  expect(await page.getByLabel("Name of the business").inputValue()).toBe("<script>alert(1)</script>")
  expect(problems).toEqual([])
})
