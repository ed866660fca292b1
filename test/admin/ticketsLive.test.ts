import { sql } from "drizzle-orm"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type NeonHttp, startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { insertTicket, insertTicketMessage } from "../support/ticketRows.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
let neon: NeonHttp
beforeAll(async () => {
  neon = await startNeonHttp()
})
afterAll(() => neon.close())
const admin = useAdmin({
  ...database,
  /** In front of the same database, to count round trips. */
  get httpEndpoint() {
    return neon.endpoint
  },
})

beforeEach(async () => {
  await db.execute(sql`truncate tickets, canned_replies, ticket_categories cascade`)
  await seedSupport(testContext({ db, vendors: {} }))
})

/** Asks for news now instead of when it would by itself. */
const ask = (page: Page) => page.evaluate("htmx.trigger('[data-live][hx-get]', 'live')")
const hide = (page: Page, hidden: boolean) =>
  page.evaluate(`Object.defineProperty(document, "hidden", { configurable: true, get: () => ${hidden} })
    document.dispatchEvent(new Event("visibilitychange"))`)
/** Requests for news so far. */
function asked(page: Page): () => number {
  let count = 0
  page.on("request", (request) => {
    if (request.url().includes("seen=")) count++
  })
  return () => count
}
const focusedText = (page: Page) => page.evaluate<string>("document.activeElement.textContent.trim()")

test("the board is answered with nothing while nothing changes, in at most three round trips", async () => {
  const { id } = await insertTicket(db)
  const support = await admin.as("support")
  const seen = async () =>
    /hx-get="([^"]*seen=[^"]*)"/.exec(await (await support.get("/tickets?category=technical")).text())?.[1]
  const address = ((await seen()) ?? "").replaceAll("&amp;", "&")
  expect(address).toContain("category=technical")
  const before = neon.roundTrips()
  expect((await support.get(address, { "hx-request": "true" })).status).toBe(204)
  expect(neon.roundTrips() - before).toBeLessThanOrEqual(3)
  await db.execute(sql`update tickets set priority = 'urgent' where id = ${id}`)
  expect((await support.get(address, { "hx-request": "true" })).status).toBe(200)
  // Without htmx the address is the page.
  expect((await support.get((await seen()) ?? "")).status).toBe(200)
})

test("a board that is open shows what comes, moves nothing else, and keeps the focus and the filter", async () => {
  await insertTicket(db, { subject: "First of all", openedAt: new Date(Date.now() - 60_000) })
  const { page, problems } = await admin.browser("support")
  await page.goto("/tickets?claimed=nobody")
  await page.getByRole("link", { name: "First of all" }).focus()
  await page.evaluate(`window.shifted = 0
    new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.shifted += value }).observe({ type: "layout-shift" })`)
  const unattended: boolean[] = []
  page.on("request", (request) => {
    const headers = request.headers()
    if (headers["hx-request"]) unattended.push(headers["ops-unattended"] !== undefined)
  })
  await insertTicket(db, { subject: "Second of all" })
  await ask(page)
  await page.getByRole("link", { name: "Second of all" }).waitFor()
  expect(await focusedText(page)).toContain("First of all")
  expect(await page.getByLabel("Claimed by").inputValue()).toBe("nobody")
  expect(await page.evaluate("window.shifted")).toBe(0)
  // By itself, too.
  await insertTicket(db, { subject: "Third of all" })
  await page.getByRole("link", { name: "Third of all" }).waitFor({ timeout: 15_000 })
  expect(page.url()).toContain("/tickets?claimed=nobody")
  await expectAccessible(page)
  // None of that shows that somebody is there.
  expect(unattended).not.toContain(false)
  await page.getByLabel("Claimed by").press("ArrowUp")
  await expect.poll(() => unattended).toContain(false)
  expect(problems).toEqual([])
}, 60_000)

test.each([
  ["the board", () => "/tickets"],
  ["a ticket", (id: string) => `/tickets/${id}`],
])(
  "%s asks for nothing while its tab is hidden, and at once when it is looked at again",
  async (_, pathOf) => {
    const { id } = await insertTicket(db)
    const { page, problems } = await admin.browser("support")
    await page.goto(pathOf(id))
    const requests = asked(page)
    await ask(page)
    await expect.poll(requests).toBe(1)
    await hide(page, true)
    await ask(page)
    // Longer than a page that is looked at waits.
    await page.waitForTimeout(4500)
    expect(requests()).toBe(1)
    await hide(page, false)
    await expect.poll(requests).toBe(2)
    expect(problems).toEqual([])
  },
  60_000,
)

test("what is typed, selected, unfolded or has the focus stays when news come into a ticket, and nothing moves", async () => {
  const { id } = await insertTicket(db)
  const edited = await insertTicketMessage(db, id, { externalId: "1", content: "It is down", editedAt: new Date() })
  await db.execute(sql`
    insert into ticket_message_edits (message_id, until, content) values (${edited}, now(), 'It si down')`)
  const { page, problems } = await admin.browser("support")
  await page.goto(`/tickets/${id}`)
  await page.getByLabel("Message", { exact: true }).fill("Half a reply")
  await page.getByLabel("Close, because").fill("Half a reason")
  await page.getByLabel("Files").setInputFiles([{ name: "a.log", mimeType: "text/plain", buffer: Buffer.from("x") }])
  await page.getByLabel("Priority", { exact: true }).selectOption("high")
  await page.getByText("1 earlier wording").click()
  const places = () =>
    Promise.all(["Reply", "Change", "Opener"].map((name) => page.getByRole("heading", { name }).boundingBox()))
  const before = await places()

  await page.getByRole("button", { name: "Claim" }).focus()
  await insertTicketMessage(db, id, { content: "Anybody there?" })
  await db.execute(sql`update tickets set first_response_at = now(), first_response_by = 'discord:1'`)
  await ask(page)
  await page.getByText("Anybody there?").waitFor()
  await page.getByText("discord:1").waitFor()
  expect(await focusedText(page)).toBe("Claim")
  expect(await page.getByText("It si down").isVisible()).toBe(true)

  // Somebody else was quicker: no other button has the focus in its place.
  await db.execute(sql`update tickets set claimed_by = 'staff:x', claimed_by_label = 'Bea'`)
  await ask(page)
  await page.getByRole("button", { name: "Release" }).waitFor()
  expect(await page.evaluate("document.activeElement.id")).toBe("state")
  expect(await places()).toEqual(before)

  // Who is copying a text goes on with that.
  await page.getByText("Anybody there?").selectText()
  const requests = asked(page)
  await insertTicketMessage(db, id, { content: "Hello again" })
  await ask(page)
  await expect.poll(requests).toBe(1)
  await page.waitForLoadState("networkidle")
  expect(await page.evaluate("getSelection().toString()")).toBe("Anybody there?")
  expect(await page.getByText("Hello again").count()).toBe(0)
  await page.evaluate("getSelection().removeAllRanges()")
  await page.getByText("Hello again").waitFor({ timeout: 10_000 })

  expect(await page.getByLabel("Message", { exact: true }).inputValue()).toBe("Half a reply")
  expect(await page.getByLabel("Close, because").inputValue()).toBe("Half a reason")
  expect(await page.getByLabel("Priority", { exact: true }).inputValue()).toBe("high")
  expect(await page.evaluate("document.getElementById('files').files.length")).toBe(1)
  expect(problems).toEqual([])
}, 60_000)

test("whoever is signed out meanwhile, or has no answer, reads so and loses nothing that they typed", async () => {
  const { id } = await insertTicket(db)
  const { page } = await admin.browser("support")
  await page.goto(`/tickets/${id}`)
  await page.getByLabel("Message", { exact: true }).fill("Half a reply")
  await db.execute(sql`update staff_sessions set revoked_at = now()`)
  await ask(page)
  await page.getByText("You are signed out. What you typed is still here").waitFor()
  expect(await page.getByLabel("Message", { exact: true }).inputValue()).toBe("Half a reply")
  await expectAccessible(page)
  await screenshots(page, "tickets-signed-out")
  await page.context().setOffline(true)
  await ask(page)
  await page.getByText("there is no connection").waitFor()
  await page.context().setOffline(false)
  await db.execute(sql`update staff_sessions set revoked_at = null`)
  await insertTicketMessage(db, id, { content: "Anybody there?" })
  await ask(page)
  await page.getByText("Anybody there?").waitFor()
  await expect.poll(() => page.locator(".live-state").textContent()).toBe("")
  expect(await page.getByLabel("Message", { exact: true }).inputValue()).toBe("Half a reply")
}, 60_000)
