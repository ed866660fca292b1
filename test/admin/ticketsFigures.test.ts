import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { screenshots } from "../support/browser.ts"
import { testContext } from "../support/testContext.ts"
import { insertTicket, insertTicketMessage } from "../support/ticketRows.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)
const customerId = "00000000-0000-4000-8000-0000000000a1"
const hostile = `"'><script>window.taken=1</script><img src=x onerror=window.taken=1> \u202Egnp.exe`
let first = ""

beforeAll(async () => {
  await seedSupport(testContext({ db, vendors: {} }))
  await db.execute(sql`
    insert into settings (name, value, updated_at) values ('supportHours', ${JSON.stringify({
      timeZone: "UTC",
      days: Array.from({ length: 7 }, () => ({ from: "00:00", until: "00:00" })),
    })}, now())`)
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (${customerId}, 'cus_ada', 'ada@example.com', 'Ada Koch', now(), now(), '', '')`)
  const answered = { firstResponseAt: ago(200), firstResponseBy: "discord:1", lastFrom: "staff" as const }
  const ticket = await insertTicket(db, {
    customerId,
    openedAt: ago(300),
    ...answered,
    claimedBy: "discord:1",
    claimedByLabel: hostile,
  })
  first = ticket.id
  await insertTicket(db, { openedAt: ago(300), ...answered, status: "closed", closedAt: ago(100), rating: 4 })
  await insertTicket(db, { openedAt: ago(150), subject: "Overdue" })
  await insertTicket(db, { openedAt: ago(20), status: "opening", error: "Missing Permissions" })
  await insertTicketMessage(db, ticket.id, { content: `The refund has arrived ${hostile}` })
  await insertTicketMessage(db, ticket.id, { content: "Refund them quietly", authorKind: "staff", internal: true })
})

test("Today tells of tickets that wait for us, are overdue, or have failed, and leads to them", async () => {
  const support = await admin.as("support")
  const html = await (await support.get("/")).text()
  const lines = [
    ["1 ticket is overdue", "/tickets/list?overdue=yes"],
    ["2 tickets wait for us", "/tickets/list?owes=us"],
    ["1 ticket has work that failed or got stuck", "/tickets/list?trouble=yes"],
  ]
  for (const [text, href] of lines) expect(html).toContain(`<a href="${href}">${text}</a>`)
  for (const [, href] of lines) expect((await support.get(href ?? "")).status).toBe(200)
})

test("a customer's page shows their tickets", async () => {
  const viewer = await admin.as("viewer")
  const html = await (await viewer.get(`/customers/${customerId}`)).text()
  expect(html).toContain(`href="/tickets/${first}"`)
  expect(html.match(/href="\/tickets\/[0-9a-f-]{36}"/g)).toHaveLength(1)
})

test("what was said is found by its words, page by page", async () => {
  const viewer = await admin.as("viewer")
  const found = async (query: string) => {
    const html = await (await viewer.get(`/tickets/search?${query}`)).text()
    return html.match(/<li class="card">/g)?.length ?? 0
  }
  expect(await found("q=refund")).toBe(2)
  expect(await found("q=refund+-quietly")).toBe(1)
  expect(await found("q=refund&said=staff")).toBe(1)
  expect(await found("q=refund&from=2098-01-01")).toBe(0)
  expect(await found("q=")).toBe(0)
  for (const query of ["q=%22&after=x", "q='(&said=nobody", "q=a&from=2026-99-99", "q=refund&after=W10="])
    expect((await viewer.get(`/tickets/search?${query}`)).status).toBe(200)
})

test("a ticket is had as a file, whole", async () => {
  const viewer = await admin.as("viewer")
  const html = await viewer.get(`/tickets/${first}/transcript.html`)
  expect(html.headers.get("content-disposition")).toContain("attachment")
  expect(await html.text()).toContain("The refund has arrived")
  const json = await (await viewer.get(`/tickets/${first}/transcript.json`)).text()
  expect(json).toContain("Refund them quietly")
  expect(JSON.parse(json)).toMatchObject({ ticket: { id: first } })
})

test("figures and search in a browser", async () => {
  const { page, problems } = await admin.browser("owner")
  await page.goto("/tickets/figures")
  await page.getByText("1 h 40 min").first().waitFor()
  await screenshots(page, "tickets-figures")
  await expectAccessible(page)
  const wider = () => page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth")
  expect(await wider()).toBeLessThanOrEqual(0)
  await page.getByRole("link", { name: "Last 7 days" }).click()
  await page.waitForURL("**/tickets/figures?from=*&until=*")
  await page.goto("/tickets/figures?from=2020-01-01&until=2020-02-01")
  await page.getByText("No ticket was opened in this period").waitFor()
  await page.goto("/tickets/search?q=refund")
  expect(await page.locator("mark").count()).toBe(2)
  await screenshots(page, "tickets-search")
  await expectAccessible(page)
  expect(await wider()).toBeLessThanOrEqual(0)
  expect(await page.evaluate("window.taken")).toBeUndefined()
  expect(problems).toEqual([])
}, 60_000)
