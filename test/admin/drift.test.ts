import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database, ["jobs", "email"])

beforeAll(async () => {
  await seedDefaults(testContext({ db, vendors: {} }))
  await admin.workers.tick("jobs", "*/2 * * * *")
})

test("with webhooks switched off, a day of customers is there after Run now, with their mails; what differed is told", async () => {
  const { stripe: world, faults, mailbox, events } = admin.workers.fakes
  faults.set("stripe", { webhooksOff: true })
  const { page, url, problems } = await admin.browser("ops")
  const runNow = async () => {
    await page.goto(`${url}/jobs/stripe-sync`)
    await page.getByRole("button", { name: "Run now" }).click()
    await page.getByText(/^Done in/).waitFor({ timeout: 30_000 })
  }
  await runNow()
  const ada = world.createCustomer({ email: "ada@example.com", name: "Ada Lovelace" })
  const subscription = world.subscribe({ customer: ada.id, price: "price_pro_eur_month" })
  world.advanceClock(3600)
  world.failPayment(subscription.id)
  world.advanceClock(82_800)
  await runNow()
  await expect.poll(() => mailbox.mails.flatMap(({ to }) => to), { timeout: 20_000 }).toContain("ada@example.com")
  const subjects = mailbox.mails.map(({ subject }) => subject)
  expect(new Set(subjects).size).toBe(subjects.length)

  await page.goto(`${url}/customers?q=ada`)
  await page.getByRole("link", { name: "Ada Lovelace" }).first().click()
  await page.getByRole("heading", { name: "Ada Lovelace" }).waitFor()

  // What Stripe never made an event of.
  const told = events.events.length
  world.updateCustomer(ada.id, { name: "Ada Byron" })
  events.events.length = told
  await runNow()
  await page.getByRole("link", { name: "What differed from Stripe, run by run" }).click()
  const objects = page.getByRole("region", { name: "Objects" })
  expect(await objects.textContent()).toContain("name")
  expect(await page.getByRole("region", { name: "Events that never arrived" }).textContent()).toContain(
    "invoice.payment_failed",
  )
  await expectAccessible(page)
  await screenshots(page, "admin-drift")
  await objects.getByRole("link", { name: ada.id }).click()
  await page.getByRole("heading", { name: "Ada Byron" }).waitFor()
  expect(await page.getByText("sync").count()).toBeGreaterThan(0)
  expect(mailbox.mails.map(({ subject }) => subject).sort()).toEqual(subjects.sort())
  expect(problems).toEqual([])
  const { rows } = await db.execute(sql`select from sync_findings`)
  expect(rows).toHaveLength(1)
})

test("a run that nobody made, a cursor of nothing and a viewer are answered with the page", async () => {
  const viewer = await admin.as("viewer")
  expect((await viewer.get("/jobs/stripe-sync/drift?run=nonsense&after=nonsense")).status).toBe(200)
  expect((await viewer.get(`/jobs/stripe-sync/drift?run=${crypto.randomUUID()}`)).status).toBe(200)
})
