import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { testContext } from "../support/testContext.ts"
import { insertTicket } from "../support/ticketRows.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)

beforeEach(async () => {
  await db.execute(sql`truncate tickets cascade`)
  await seedSupport(testContext({ db, vendors: {} }))
})

test("staff ask the opener and make a new link on the ticket's page", async () => {
  const { id } = await insertTicket(db, { source: "email", openerId: null, openerEmail: "ada@example.org" })
  const { page, problems } = await admin.browser("support")
  await page.goto(`/tickets/${id}`)
  await page.getByRole("button", { name: "Ask whether it is solved" }).press("Enter")
  await page.getByText("Asked whether it is solved").waitFor()
  expect((await db.execute(sql`select delivery, asks_closing from ticket_messages`)).rows).toEqual([
    { delivery: "queued", asks_closing: true },
  ])
  await page.getByRole("button", { name: "New link to the transcript" }).click()
  const link = await page.locator("code.secret").textContent()
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/transcripts\/[\w-]+\.[\w-]+$/)
  await expectAccessible(page)
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true)
  await page.goto(`/tickets/${id}`)
  expect(await page.getByText("it is shown once").count()).toBe(0)
  expect(problems).toEqual([])
})

test("a form without its id asks nobody, and a closed ticket is not asked about", async () => {
  const { id } = await insertTicket(db)
  const session = await admin.as("support")
  expect((await session.post(`/tickets/${id}/ask-close`)).status).toBe(400)
  await db.execute(sql`update tickets set status = 'closed', closed_at = now()`)
  expect((await session.post(`/tickets/${id}/ask-close`, { messageId: crypto.randomUUID() })).status).toBe(409)
  expect((await (await session.get(`/tickets/${id}`)).text()).includes("Ask whether")).toBe(false)
})
