import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { authenticateApiKey } from "../../shared/apiKeys/authenticateApiKey.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const admin = useAdmin(database)
const form = { name: "Website", scopes: "leads:write", days: "30", ratePerMinute: "60" }
const keys = async () =>
  (await database.db.execute(sql`select name, revoked_at from api_keys order by created_at`)).rows

test("an owner makes a key in the browser, sees it once, and revokes it", async () => {
  const { page: browser, problems } = await admin.browser("owner")
  await browser.goto("/settings")
  await browser.getByRole("link", { name: "API keys" }).click()
  await browser.getByLabel("Name", { exact: true }).fill("Website")
  await browser.getByLabel("leads:write").check()
  await browser.getByRole("button", { name: "Make the key" }).click()
  const key = (await browser.locator(".secret").textContent()) ?? ""
  expect(key).toMatch(/^ohq_[0-9a-f]{64}$/)
  await expectAccessible(browser)
  await screenshots(browser, "admin-api-keys")

  const ctx = testContext({ db: database.db, now: new Date(), vendors: {} })
  expect(await authenticateApiKey(ctx, key)).toMatchObject({ actor: { name: "Website", scopes: ["leads:write"] } })

  await browser.goto("/settings/api-keys")
  expect(await browser.content()).not.toContain(key)
  await browser.getByRole("button", { name: `Revoke Website, ${key.slice(0, 12)}` }).click()
  await browser.getByText("revoked").waitFor()
  await expect(authenticateApiKey(ctx, key)).rejects.toMatchObject({ code: "unauthenticated" })
  expect(problems).toEqual([])
})

test("a form that is sent twice makes one key", async () => {
  const owner = await admin.as("owner")
  const sent = { ...form, id: "00000000-0000-4000-8000-00000000aaaa", name: "Twice" }
  expect((await owner.post("/settings/api-keys", sent)).status).toBe(200)
  const again = await owner.post("/settings/api-keys", sent)
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining("has been made already")])
  expect((await keys()).filter(({ name }) => name === "Twice")).toHaveLength(1)
})

test.each([
  ["nothing that it may do", { scopes: "" }],
  ["something that there is not", { scopes: "everything" }],
  ["no name", { name: " " }],
  ["a name of two lines", { name: "a\nb" }],
  ["no end", { days: "" }],
  ["too long a life", { days: "731" }],
  ["no number", { ratePerMinute: "many" }],
])("a key with %s is not made, and the form says why and keeps what was typed", async (_what, change) => {
  const owner = await admin.as("owner")
  const before = await keys()
  const answer = await owner.post("/settings/api-keys", { ...form, id: crypto.randomUUID(), ...change })
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("No such key can be made")])
  expect(await keys()).toEqual(before)
})
