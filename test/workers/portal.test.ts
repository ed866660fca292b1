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

test.each([
  ["nothing", "nothing"],
  ["a wrong signature", "YWRhQGV4YW1wbGUuY29t.AAAA"],
  ["a control character", "%00"],
  ["three parts", "a.b.c"],
  ["too long", "x".repeat(3000)],
])("a link that is not ours, %s, is answered with 404", async (_name, bad) => {
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
})

const post = (path: string, body: string, type = form["content-type"]) =>
  workers.fetch("portal", path, { method: "POST", headers: { "content-type": type }, body })
const timeline = async () =>
  (await database.db.execute(sql`select kind from timeline_entries order by id`)).rows.map(({ kind }) => kind)

test("the button unsubscribes and shows what holds now; both choices are on the customer's timeline, once each", async () => {
  await database.db.execute(sql`insert into customers (id, stripe_id, email, created_at, synced_at, synced_order, digest)
    values (gen_random_uuid(), 'cus_1', 'Bob@Example.com', now(), now(), '', '')`)
  const path = `/preferences/${await token("Bob@Example.com")}`
  const answer = await post(path, "want=no")
  expect(answer.status).toBe(200)
  expect(await answer.text()).toMatch(
    /You are unsubscribed[\s\S]*Example Hosting sends you no tips or offers from now on/,
  )
  await post(path, "want=no")
  await post(path, "List-Unsubscribe=One-Click")
  expect(await (await post(path, "want=yes")).text()).toContain("You are subscribed again")
  expect(await timeline()).toEqual(["email.unsubscribed", "email.resubscribed"])
})

test("a one-click POST may come as multipart, and never subscribes again", async () => {
  const path = `/unsubscribe/${await token("carol@example.com")}`
  const multipart = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
  const answer = await post(path, multipart, "multipart/form-data; boundary=x")
  expect([answer.status, await answer.text()]).toEqual([200, ""])
  await post(path, "List-Unsubscribe=One-Click&want=yes")
  expect(await suppressed()).toContainEqual({ email: "carol@example.com", reason: "unsubscribe", all: false })
})

test("who complained is told why nothing comes, and finds no button", async () => {
  await database.db.execute(sql`insert into suppressions values ('dan@example.com', 'complaint', true, now())`)
  const page = await (await workers.fetch("portal", `/preferences/${await token("dan@example.com")}`)).text()
  expect(page).toContain("marked as spam")
  expect(page).not.toContain("<form")
})

test("pages are not kept, not framed, not indexed and tell nobody where the visitor came from", async () => {
  const page = await workers.fetch("portal", `/unsubscribe/${await token("eve@example.com")}`)
  expect(page.headers.get("cache-control")).toContain("no-store")
  expect(page.headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
  expect(page.headers.get("referrer-policy")).toBe("no-referrer")
  expect(await page.text()).toContain('name="robots" content="noindex"')
})

test("a body that is too long is refused with 413 and changes nothing", async () => {
  const path = `/unsubscribe/${await token("frank@example.com")}`
  expect((await post(path, `want=no&x=${"x".repeat(20_000)}`)).status).toBe(413)
  expect(await suppressed()).not.toContainEqual(expect.objectContaining({ email: "frank@example.com" }))
})

test("a token for one address does not fit another", async () => {
  const [address] = (await token("grace@example.com")).split(".")
  const [, signature] = (await token("heidi@example.com")).split(".")
  expect((await workers.fetch("portal", `/unsubscribe/${address}.${signature}`)).status).toBe(404)
})
