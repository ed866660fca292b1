import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
const ada = "00000000-0000-4000-8000-0000000000a1"
const form = {
  name: "Welcome",
  mailClass: "transactional",
  subject: "Hello {{ customer.name }}",
  html: "<p>Dear {{ customer.name }}</p>",
  text: "Dear {{ customer.name }}",
}
const inUse = async (id: string) =>
  (await db.execute<{ version: number }>(sql`select version from templates where id = ${id}`)).rows[0]?.version ?? 0

beforeAll(async () => {
  await seedDefaults(testContext({ db, vendors: {} }))
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (${ada}, 'cus_ada', 'ada@example.com', 'Ada Koch', now(), now(), '', '')`)
})

test("in the browser a mail is written, previewed unsaved for a real customer, tested and saved", async () => {
  const { page, problems } = await admin.browser("ops")
  await page.goto("/templates")
  await screenshots(page, "admin-templates")
  await expectAccessible(page)
  await page.getByRole("link", { name: "Welcome", exact: true }).click()
  const frame = page.frameLocator("iframe")
  await frame.getByText("Subject: Welcome to").waitFor()

  await page.getByLabel("Subject").fill("Hi {{ customer.name }}!")
  await page.getByLabel("For", { exact: true }).fill("ada@")
  await page.getByRole("button", { name: "Preview", exact: true }).click()
  await frame.getByText("Subject: Hi Ada Koch!").waitFor()
  await frame.getByText("To: ada@example.com").waitFor()
  await page.getByRole("button", { name: "Preview as text" }).click()
  await frame.locator("pre").waitFor()
  await screenshots(page, "admin-template")
  await expectAccessible(page)

  await page.getByRole("button", { name: "Send a test to me" }).click()
  await page.getByText("A test is on its way to ops@local.test.").waitFor()
  expect(admin.workers.fakes.mailbox.mails.map(({ to, subject }) => [to, subject])).toEqual([
    [["ops@local.test"], "[Test] Hi Ada Koch!"],
  ])
  expect(await inUse("welcome")).toBe(1)

  await page.getByRole("button", { name: "Save" }).click()
  await page.getByText("Saved.").waitFor()
  expect(await inUse("welcome")).toBe(2)
  await page.getByText("Version 2 by ops@local.test").waitFor()
  expect(problems).toEqual([])
})

test("a new template gets its id from its name, and an older version can be put to use again", async () => {
  const ops = await admin.as("ops")
  const made = await ops.post("/templates/new", { ...form, name: "Summer sale!", seenVersion: "0" })
  expect([made.status, made.headers.get("location")]).toEqual([303, "/templates/summer-sale?saved=1"])
  await ops.post("/templates/summer-sale", { ...form, name: "Summer sale!", subject: "Changed", seenVersion: "1" })
  const older = await (await ops.get("/templates/summer-sale?version=1")).text()
  expect(older).toContain("This is version 1. Saving makes it the next one.")
  expect(older).toContain('name="seenVersion" value="2"')
  expect(older).toContain('value="Hello {{ customer.name }}"')
  const twice = await ops.post("/templates/new", { ...form, name: "Summer sale!", seenVersion: "0" })
  expect([twice.status, await twice.text()]).toEqual([409, expect.stringContaining("There is a template")])
})

test("of two who save at once, the second is told, loses nothing of what was typed, and changes nothing", async () => {
  const ops = await admin.as("ops")
  const seenVersion = String(await inUse("setup-tips"))
  expect((await ops.post("/templates/setup-tips", { ...form, seenVersion })).status).toBe(303)
  const second = await ops.post("/templates/setup-tips", { ...form, subject: "Mine", seenVersion })
  const html = await second.text()
  expect([second.status, html]).toEqual([409, expect.stringContaining("Somebody else has saved this template")])
  expect(html).toContain('value="Mine"')
  expect(await inUse("setup-tips")).toBe(Number(seenVersion) + 1)
})

test.each([
  ["an unknown variable", { html: "<p>\n{{ customer.nmae }}</p>" }, "html, line 2, column 4"],
  ["a missing text part", { text: "" }, "text: Must not be empty."],
  ["a tag that is not closed", { text: "{% if customer.name %}" }, "not closed"],
  ["more than Gmail shows", { html: `<p>${"x".repeat(110_000)}</p>` }, "Gmail"],
  ["marketing where a transactional sequence sends it", { mailClass: "marketing" }, "transactional sequences send it"],
])("%s is refused at save and at a test, and what was typed stays", async (_what, change, told) => {
  const ops = await admin.as("ops")
  const seenVersion = String(await inUse("payment-failed"))
  const answer = await ops.post("/templates/payment-failed", { ...form, ...change, seenVersion })
  const html = await answer.text()
  expect([answer.status, html]).toEqual([400, expect.stringContaining(told)])
  expect(html).toContain("{{ customer.name }}")
  expect(await inUse("payment-failed")).toBe(Number(seenVersion))
})

test("a test is sent once however often its form is, and only by who may write", async () => {
  const ops = await admin.as("ops")
  const { mailbox } = admin.workers.fakes
  const before = mailbox.accepted
  const sent = { ...form, customer: "", seenVersion: "1", testId: crypto.randomUUID() }
  for (let time = 0; time < 2; time++) expect((await ops.post("/templates/welcome/test", sent)).status).toBe(200)
  expect(mailbox.accepted).toBe(before + 1)
  const viewer = await admin.as("viewer")
  expect((await viewer.post("/templates/welcome/test", sent)).status).toBe(403)
  const shown = await (await viewer.get("/templates/welcome?customer=ada%40")).text()
  expect(shown).not.toContain("Send a test to me")
  expect(shown).toContain('src="/templates/welcome/preview?customer=ada%40"')
  expect(await (await viewer.get("/templates/welcome/preview?customer=ada%40")).text()).toContain("Ada Koch")
})

test("a preview is inert whatever customer and writer put into it, and says what keeps it from being", async () => {
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (gen_random_uuid(), 'cus_evil', 'evil@example.com', '<script>alert(1)</script>', now(), now(), '', '')`)
  const ops = await admin.as("ops")
  const preview = (change: object) =>
    ops.post("/templates/welcome/preview", { ...form, seenVersion: "1", customer: "cus_evil", ...change })
  const answer = await preview({ html: "<script>alert(2)</script>{{ customer.name }}" })
  expect(answer.headers.get("content-security-policy")).toMatch(/default-src 'none'.*sandbox/)
  const html = await answer.text()
  expect(html).not.toContain("<script>alert(1)")
  expect(html).toContain("&lt;script&gt;alert(1)")
  expect(await (await preview({ customer: "nobody at all" })).text()).toContain("No customer fits")
  expect(await (await preview({ customer: "ab" })).text()).toContain("three characters")
  expect(await (await preview({ html: "{% if" })).text()).toContain("No preview.")
})
