import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { localSecrets } from "../../scripts/local/localEnv.ts"
import { createLinkSigner } from "../../shared/email/unsubscribeToken.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const workers = useWorkers(database, ["portal"])
const suppressed = async () => (await database.db.execute(sql`select email, reason, "all" from suppressions`)).rows
const token = async (email: string) => (await createLinkSigner(localSecrets.LINK_SECRET)).sign(email)
const form = { "content-type": "application/x-www-form-urlencoded" }

test("following the link shows a page and changes nothing", async () => {
  const page = await workers.fetch("portal", `/unsubscribe/${await token("<b>ada</b>@example.com")}`)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain("&lt;b&gt;ada&lt;/b&gt;@example.com")
  expect(await suppressed()).toEqual([])
})

test("a mail program's one-click POST unsubscribes and gets an empty answer", async () => {
  const path = `/unsubscribe/${await token("ada@example.com")}`
  const answer = await workers.fetch("portal", path, {
    method: "POST",
    headers: form,
    body: "List-Unsubscribe=One-Click",
  })
  expect([answer.status, await answer.text()]).toEqual([200, ""])
  expect(await suppressed()).toEqual([{ email: "ada@example.com", reason: "unsubscribe", all: false }])
  expect(await (await workers.fetch("portal", path)).text()).toContain("You are unsubscribed")
})

test("subscribing again takes back an unsubscription, but not a bounce", async () => {
  const path = `/preferences/${await token("ada@example.com")}`
  await workers.fetch("portal", path, { method: "POST", headers: form, body: "want=yes" })
  expect(await suppressed()).toEqual([])
  await database.db.execute(sql`insert into suppressions values ('ada@example.com', 'bounce', true, now())`)
  await workers.fetch("portal", path, { method: "POST", headers: form, body: "want=yes" })
  expect(await suppressed()).toEqual([{ email: "ada@example.com", reason: "bounce", all: true }])
})

test.each(["nothing", "YWRhQGV4YW1wbGUuY29t.AAAA", "%00", "a.b.c", `${"x".repeat(3000)}`])(
  "a link that is not ours, %s, is answered with 404",
  async (bad) => {
    expect((await workers.fetch("portal", `/unsubscribe/${bad}`)).status).toBe(404)
    expect(
      (
        await workers.fetch("portal", `/unsubscribe/${bad}`, {
          method: "POST",
          headers: form,
          body: "List-Unsubscribe=One-Click",
        })
      ).status,
    ).toBe(404)
  },
)
