import { sql } from "drizzle-orm"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { type NeonHttp, startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { screenshots, startBrowser } from "../support/browser.ts"
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
let plain: Browser | undefined
afterAll(() => plain?.close())
const now = new Date()
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const customerId = "00000000-0000-4000-8000-0000000000a1"
const hostile = `"'><script>window.taken=1</script><img src=x onerror=window.taken=1> [x](javascript:alert(1)) \u202Egnp.exe`

beforeEach(async () => {
  await db.execute(sql`truncate tickets, customers, canned_replies, ticket_categories cascade`)
  await seedSupport(testContext({ db, vendors: {} }))
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, stage, created_at, synced_at, synced_order, digest)
    values (${customerId}, 'cus_ada', 'ada@example.com', 'Ada Koch', 'active', now(), now(), '', '')`)
})

async function busyTicket() {
  const ticket = await insertTicket(db, {
    customerId,
    openedAt: ago(60),
    answers: [{ question: "Which server?", answer: `eu-7 ${hostile}` }],
    subject: `The server is down ${hostile}`,
  })
  const say = (told: Parameters<typeof insertTicketMessage>[2]) => insertTicketMessage(db, ticket.id, told)
  await say({ origin: "form", content: `It is down since this morning. ${hostile}`, sentAt: ago(60) })
  const edited = await say({ externalId: "1", content: "Still down.", sentAt: ago(50), editedAt: ago(49) })
  await db.execute(sql`
    insert into ticket_message_edits (message_id, until, content) values (${edited}, ${ago(49).toISOString()}, ${`Stil donw ${hostile}`})`)
  await say({ externalId: "2", content: "My password is hunter2", sentAt: ago(48), deletedAt: ago(47) })
  await say({
    authorKind: "staff",
    authorName: "Bea",
    content: "Restart it on our side",
    internal: true,
    sentAt: ago(46),
  })
  await say({
    authorKind: "staff",
    authorName: hostile,
    origin: "admin",
    content: "We look into it.",
    sentAt: ago(45),
    delivery: "failed",
    error: "The opener has left the server.",
    embeds: [
      {
        title: hostile,
        url: "javascript:alert(1)",
        description: `An **embed** ${hostile}`,
        fields: [{ name: hostile, value: hostile }],
      },
    ],
  })
  const withFile = await say({ externalId: "3", content: "", sentAt: ago(44) })
  await db.execute(sql`
    insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, status)
    values (gen_random_uuid(), ${ticket.id}, ${withFile}, 'a', ${hostile}, 'image/png', 123456, 'failed')`)
  await db.execute(sql`
    insert into ticket_events (id, key, ticket_id, kind, at, actor, actor_label)
    values (gen_random_uuid(), ${`claimed:${ticket.id}`}, ${ticket.id}, 'claimed', ${ago(47).toISOString()}, 'discord:1', 'Bea')`)
  return ticket
}

const rowOf = async (id: string) =>
  (await db.execute<Record<string, unknown>>(sql`select * from tickets where id = ${id}`)).rows[0]
const messagesOf = async (id: string) =>
  (
    await db.execute<Record<string, unknown>>(
      sql`select * from ticket_messages where ticket_id = ${id} and origin = 'admin' order by sent_at`,
    )
  ).rows

test("a ticket's page tells all that was said and happened, in order, and who asks", async () => {
  const { id } = await busyTicket()
  const support = await admin.as("support")
  const html = await (await support.get(`/tickets/${id}`)).text()
  const places = ["It is down since", "eu-7", "Still down.", "earlier wording", "claimed it", "hunter2", "Deleted"]
  const inOrder = [
    ...places,
    "internal note",
    "We look into it.",
    "The opener has left the server.",
    "could not be copied",
  ]
  const found = inOrder.map((text) => html.indexOf(text))
  expect(found.every((place) => place > 0)).toBe(true)
  expect(html.indexOf("hunter2")).toBeLessThan(html.indexOf("internal note"))
  expect(html.indexOf("internal note")).toBeLessThan(html.indexOf("We look into it."))
  expect(html).toContain("Ada Koch")
  expect(html).not.toContain("<script>window")
  expect(html).not.toContain("<img src=x")
  expect(html).not.toContain('href="javascript:')
  expect((await support.get("/tickets/00000000-0000-4000-8000-000000000000")).status).toBe(404)
})

test("a reply is kept once however often its form is sent, answers for the first time, and goes to the queue", async () => {
  const { id } = await insertTicket(db, { openedAt: ago(30) })
  const support = await admin.as("support")
  const form = { messageId: crypto.randomUUID(), content: "  Hello.\r\nWe look into it.  " }
  for (let times = 0; times < 3; times++) expect((await support.post(`/tickets/${id}/messages`, form)).status).toBe(303)
  expect(await messagesOf(id)).toMatchObject([
    {
      content: "Hello.\nWe look into it.",
      author_kind: "staff",
      internal: false,
      delivery: "queued",
      author_name: "Local support",
    },
  ])
  expect(await rowOf(id)).toMatchObject({ last_from: "staff", first_response_by: expect.stringMatching(/^staff:/) })

  const atOnce = { messageId: crypto.randomUUID(), content: "Pressed five times" }
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => support.post(`/tickets/${id}/messages`, atOnce)))
  expect(answers.map(({ status }) => status)).toEqual([303, 303, 303, 303, 303])
  expect(await messagesOf(id)).toHaveLength(2)
  await db.execute(sql`delete from ticket_messages where id = ${atOnce.messageId}`)

  const other = await support.post(`/tickets/${id}/messages`, { ...form, content: "Something else" })
  expect(other.status).toBe(409)
  expect(await other.text()).toContain("Something else</textarea>")
  expect(await messagesOf(id)).toHaveLength(1)
})

test("a note answers nobody and is taken by a closed ticket, too; a reply is not", async () => {
  const { id } = await insertTicket(db, { openedAt: ago(30), status: "closed", closedAt: ago(1) })
  const support = await admin.as("support")
  const note = { messageId: crypto.randomUUID(), content: "They called.", internal: "yes" }
  expect((await support.post(`/tickets/${id}/messages`, note)).status).toBe(303)
  expect(await rowOf(id)).toMatchObject({ last_from: "opener", first_response_at: null })
  const reply = await support.post(`/tickets/${id}/messages`, { messageId: crypto.randomUUID(), content: "Hello" })
  expect(reply.status).toBe(409)
  expect(await reply.text()).toContain("Reopen it, then send the reply.")
  expect(await messagesOf(id)).toMatchObject([{ internal: true, delivery: null }])
})

test("what does not fit into a message of Discord is refused and stays in the box", async () => {
  const { id } = await insertTicket(db)
  const mail = await insertTicket(db, { source: "email", openerEmail: "eve@example.com", openerId: null })
  const support = await admin.as("support")
  const long = "a".repeat(4001)
  const refused = await support.post(`/tickets/${id}/messages`, { messageId: crypto.randomUUID(), content: long })
  expect(refused.status).toBe(400)
  expect(await refused.text()).toContain(long)
  const sent = await support.post(`/tickets/${mail.id}/messages`, { messageId: crypto.randomUUID(), content: long })
  expect(sent.status).toBe(303)
  const empty = await support.post(`/tickets/${id}/messages`, { messageId: crypto.randomUUID(), content: "  " })
  expect(empty.status).toBe(400)
  expect((await support.post(`/tickets/${id}/messages`, { messageId: "1", content: "Hello" })).status).toBe(400)
})

test("a reply that could not be delivered is sent again or given up, and nothing else is", async () => {
  const { id } = await busyTicket()
  const support = await admin.as("support")
  const [failed] = await messagesOf(id)
  const path = `/tickets/${id}/messages/${failed?.id}`
  expect((await support.post(`${path}/retry`)).status).toBe(303)
  expect(await messagesOf(id)).toMatchObject([{ delivery: "queued", error: null, attempts: 0 }])
  expect((await support.post(`${path}/retry`)).status).toBe(409)
  expect((await support.post(`${path}/discard`)).status).toBe(409)
  await db.execute(sql`update ticket_messages set delivery = 'failed' where id = ${failed?.id}`)
  expect((await support.post(`${path}/discard`)).status).toBe(303)
  expect(await messagesOf(id)).toMatchObject([{ delivery: null, deleted_at: expect.anything() }])
  expect((await support.post(`/tickets/${id}/files`)).status).toBe(303)
  const files = await db.execute(sql`select status from ticket_attachments where ticket_id = ${id}`)
  expect(files.rows).toEqual([{ status: "waiting" }])
})

test("claiming, passing on, sorting, closing and reopening are done on the page and told in the conversation", async () => {
  const { id } = await insertTicket(db, { customerId })
  const support = await admin.as("support")
  const ops = await admin.as("ops")
  expect((await support.post(`/tickets/${id}/claim`)).status).toBe(303)
  expect((await ops.post(`/tickets/${id}/claim`)).status).toBe(409)
  const [person] = (await db.execute<{ id: string }>(sql`select id from staff where email = 'ops@local.test'`)).rows
  expect((await support.post(`/tickets/${id}/transfer`, { to: `staff:${person?.id}` })).status).toBe(303)
  expect((await support.post(`/tickets/${id}/transfer`, { to: "staff:nobody" })).status).toBe(400)
  expect((await support.post(`/tickets/${id}/priority`, { priority: "urgent" })).status).toBe(303)
  expect((await support.post(`/tickets/${id}/priority`, { priority: "loud" })).status).toBe(400)
  expect((await support.post(`/tickets/${id}/category`, { category: "billing" })).status).toBe(303)
  expect((await support.post(`/tickets/${id}/close`, { reason: "" })).status).toBe(400)
  expect((await support.post(`/tickets/${id}/close`, { reason: "Solved" })).status).toBe(303)
  expect(await rowOf(id)).toMatchObject({ status: "closing", priority: "urgent", category_id: "billing" })
  await db.execute(sql`update tickets set status = 'closed' where id = ${id}`)
  expect((await support.post(`/tickets/${id}/reopen`)).status).toBe(303)
  expect(await rowOf(id)).toMatchObject({ status: "opening", closed_at: null })
  const html = await (await support.get(`/tickets/${id}`)).text()
  for (const text of [
    "Local support claimed it",
    "gave it to Local ops",
    "priority urgent",
    "closed it: Solved",
    "reopened it",
  ])
    expect(html).toContain(text)
  const profile = await (await support.get(`/customers/${customerId}`)).text()
  expect(profile).toMatch(new RegExp(`<a href="/tickets/${id}">Ticket closed</a>`))
})

test("a ticket by mail becomes part of another one, and the page leads there; what cannot be is said", async () => {
  const byMail = (subject: string) =>
    insertTicket(db, { source: "email", guildId: null, openerId: null, openerEmail: "ada@example.com", subject })
  const [into, from] = [await byMail("Help"), await byMail("Also")]
  await insertTicketMessage(db, from.id, { origin: "email", content: "And it is slow." })
  const elsewhere = await insertTicket(db)
  const support = await admin.as("support")
  const merge = (number: string) => support.post(`/tickets/${from.id}/merge`, { into: number })
  expect(await (await merge(String(elsewhere.number))).text()).toContain("has a place of its own")
  expect((await merge("4000000")).status).toBe(404)
  expect((await merge("one")).status).toBe(400)
  expect(await (await support.get(`/tickets/${elsewhere.id}`)).text()).not.toContain("/merge")
  expect(await (await support.get(`/tickets/${from.id}`)).text()).toContain(`action="/tickets/${from.id}/merge"`)
  const answer = await merge(`#${into.number}`)
  expect([answer.status, answer.headers.get("location")]).toEqual([303, `/tickets/${into.id}#state`])
  expect(await (await support.get(`/tickets/${into.id}`)).text()).toContain("And it is slow.")
  expect(await (await support.get(`/tickets/${from.id}`)).text()).not.toContain(`action="/tickets/${from.id}/merge"`)
})

test("what is so already is answered with the page and a word of that, and nothing is told twice", async () => {
  const { id } = await insertTicket(db)
  const [support, ops] = [await admin.as("support"), await admin.as("ops")]
  const same = async (action: string, form: Record<string, string>, words: string) => {
    const answer = await support.post(`/tickets/${id}/${action}`, form)
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/tickets/${id}?unchanged=${action}`])
    expect(await (await support.get(answer.headers.get("location") ?? "")).text()).toContain(
      `Nothing to change: ${words}.`,
    )
  }
  await same("release", {}, "nobody has this ticket")
  await same("priority", { priority: "normal" }, "it has this priority already")
  await same("category", { category: "technical" }, "it is in this category already")
  expect((await support.post(`/tickets/${id}/category`, { category: "none" })).status).toBe(409)
  await support.post(`/tickets/${id}/claim`)
  await same("claim", {}, "you have this ticket already")
  const [me] = (await db.execute<{ id: string }>(sql`select id from staff where email = 'support@local.test'`)).rows
  await same("transfer", { to: `staff:${me?.id}` }, "they have this ticket already")
  expect((await ops.post(`/tickets/${id}/claim`)).status).toBe(409)
  // The same person, by their Discord account.
  await db.execute(sql`update staff set discord_user_id = '42' where id = ${me?.id}`)
  await db.execute(sql`update tickets set claimed_by = 'discord:42' where id = ${id}`)
  await same("claim", {}, "you have this ticket already")
  await same("transfer", { to: `staff:${me?.id}` }, "they have this ticket already")
  await db.execute(sql`update staff set discord_user_id = null where id = ${me?.id}`)
  const events = await db.execute(sql`select kind from ticket_events where ticket_id = ${id}`)
  expect(events.rows).toEqual([{ kind: "claimed" }])
  expect(await (await support.get(`/tickets/${id}?unchanged=<b>`)).text()).not.toContain("Nothing to change")
})

test("what the text asks for is the first of the canned replies", async () => {
  const { id } = await insertTicket(db, { description: "I need the invoice, for the card", categoryId: "technical" })
  const support = await admin.as("support")
  const html = await (await support.get(`/tickets/${id}`)).text()
  const options = [...html.matchAll(/<option value="[^"]+">([^<]*)<\/option>/g)].map(([, label]) => label)
  expect(options.slice(0, 2)).toEqual(["Where invoices are (suggested)", "Restart first (Technical)"])
})

test("a ticket that could not be read in Discord is looked at again when staff ask for it", async () => {
  const { id } = await insertTicket(db, { error: "Missing Access", captureAt: new Date(Date.now() + 3_600_000) })
  const support = await admin.as("support")
  expect((await support.post(`/tickets/${id}/retry`)).status).toBe(303)
  const row = await rowOf(id)
  expect(new Date(String(row?.capture_at)).getTime()).toBeLessThanOrEqual(Date.now())
})

test("a canned reply is put in with its variables, below what was typed", async () => {
  const { id } = await insertTicket(db, { customerId })
  const support = await admin.as("support")
  const answer = await support.post(`/tickets/${id}/canned`, { content: "Hi!", canned: "more-details" })
  const html = await answer.text()
  expect(html).toContain("Hi!\n\nHello ada,")
  expect(html).toContain("Local support</textarea>")
  expect(await messagesOf(id)).toEqual([])
})

test("a page that is open is answered with nothing while nothing changes, and with the news as soon as something does", async () => {
  const { id } = await busyTicket()
  const support = await admin.as("support")
  const seen = async () => {
    const html = await (await support.get(`/tickets/${id}`)).text()
    return /hx-get="([^"]*seen=[^"]*)"/.exec(html)?.[1] ?? ""
  }
  const ask = async (address: string) => (await support.get(address, { "hx-request": "true" })).status
  const changes = [
    sql`insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at)
      values (gen_random_uuid(), ${id}, 'discord', 'ada', 'opener', 'Anybody?', now())`,
    sql`update ticket_messages set content = 'Anybody there?', edited_at = now() where content = 'Anybody?'`,
    sql`update ticket_messages set deleted_at = now() where content = 'Anybody there?'`,
    sql`update ticket_messages set delivery = 'queued' where delivery = 'failed'`,
    sql`update tickets set status = 'closing' where id = ${id}`,
    sql`update ticket_attachments set status = 'stored', key = 'x' where ticket_id = ${id}`,
    sql`update tickets set claimed_by = 'staff:x' where id = ${id}`,
  ]
  for (const change of changes) {
    const address = await seen()
    expect(await ask(address)).toBe(204)
    await db.execute(change)
    expect(await ask(address)).toBe(200)
  }
  // Without htmx the address is the page.
  expect((await support.get(await seen())).status).toBe(200)
})

test("a long conversation has pages that leave nothing out", async () => {
  const { id } = await insertTicket(db)
  await db.execute(sql`
    insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at)
    select gen_random_uuid(), ${id}, 'discord', 'ada', 'opener', 'line ' || g || '.', now() - (g / 3) * interval '1 minute'
    from generate_series(1, 250) g`)
  const support = await admin.as("support")
  const lines = new Set<string>()
  let path: string | undefined = `/tickets/${id}`
  let pages = 0
  while (path) {
    const html: string = await (await support.get(path)).text()
    for (const [line] of html.matchAll(/line \d+\./g)) lines.add(line)
    path = /href="(\/tickets\/[^"]*before=[^"]*)"/.exec(html)?.[1]?.replaceAll("&amp;", "&")
    pages++
  }
  expect([lines.size, pages]).toEqual([250, 3])
})

test("the pages in a browser: they hold what is hostile, and what comes in moves nothing", async () => {
  const { id } = await busyTicket()
  const { page, problems } = await admin.browser("owner")
  await page.goto("/tickets")
  await page
    .getByRole("link", { name: /The server is down/ })
    .first()
    .waitFor()
  await screenshots(page, "tickets-board")
  await expectAccessible(page)
  await page.goto("/tickets/list?status=active")
  await screenshots(page, "tickets-list")
  await expectAccessible(page)
  await page.goto(`/tickets/${id}`)
  await screenshots(page, "tickets-ticket")
  await expectAccessible(page)
  const wider = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth")
  expect(wider).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1280, height: 900 })
  // Taking pictures leaves style attributes behind, which are not the page's own.
  await page.reload()
  expect(await page.evaluate("window.taken")).toBeUndefined()

  const placeOf = (name: string) => page.getByRole("heading", { name }).boundingBox()
  await page.getByLabel("Message", { exact: true }).fill("Half a reply")
  const before = [await placeOf("Reply"), await placeOf("Opener")]
  await insertTicketMessage(db, id, { content: "Hello? Is anybody there?" })
  await page.getByText("Hello? Is anybody there?").waitFor({ timeout: 15_000 })
  expect([await placeOf("Reply"), await placeOf("Opener")]).toEqual(before)
  expect(await page.getByLabel("Message", { exact: true }).inputValue()).toBe("Half a reply")

  await page.getByLabel("Canned reply").selectOption({ label: "Restart first (Technical)" })
  await page.getByRole("button", { name: "Put it in" }).click()
  await expect
    .poll(() => page.getByLabel("Message", { exact: true }).inputValue(), { timeout: 10_000 })
    .toContain("Many troubles end")
  expect(await page.getByLabel("Message", { exact: true }).inputValue()).toContain("Half a reply")
  await page.getByRole("button", { name: "Send reply" }).click()
  await page.getByText("on its way").waitFor()
  await page.getByRole("button", { name: "Claim" }).click()
  await page.getByText("Local owner claimed it").waitFor()
  expect(problems).toEqual([])
}, 60_000)

test("who reads further up stays there while the conversation grows, and keeps what they type", async () => {
  const { id } = await insertTicket(db)
  for (let line = 0; line < 40; line++)
    await insertTicketMessage(db, id, { content: `line ${line}.`, sentAt: ago(100 - line) })
  const { page, problems } = await admin.browser("support")
  await page.goto(`/tickets/${id}`)
  const talk = page.getByRole("region", { name: "Messages" })
  await expect.poll(() => talk.getByText("line 39.").isVisible()).toBe(true)
  await talk.getByText("line 20.").scrollIntoViewIfNeeded()
  await page.getByLabel("Close, because").fill("Half a reason")
  const place = async () => Math.round((await talk.getByText("line 20.").boundingBox())?.y ?? 0)
  const before = await place()
  await insertTicketMessage(db, id, { content: "The newest line.\n".repeat(6) })
  await talk.getByText("The newest line.").waitFor({ state: "attached", timeout: 15_000 })
  expect(Math.abs((await place()) - before)).toBeLessThanOrEqual(1)
  expect(await page.getByLabel("Close, because").inputValue()).toBe("Half a reason")
  expect(problems).toEqual([])
}, 60_000)

test("every page of tickets takes at most three database round trips, session included", async () => {
  const { id } = await busyTicket()
  const owner = await admin.as("owner")
  const pages = ["", "/list?q=down", "/search?q=down", "/figures", "/categories", "/categories/billing", "/replies"]
  for (const page of [...pages, "/blocks", "/settings", `/${id}`, `/${id}?seen=x`]) {
    const before = neon.roundTrips()
    expect((await owner.get(`/tickets${page}`, { "hx-request": "true" })).status).toBe(200)
    expect([page, neon.roundTrips() - before <= 3]).toEqual([page, true])
  }
})

test("without script and on a phone: claim, note, reply by a canned text, sort, close", async () => {
  const { id, number } = await insertTicket(db, { customerId, subject: "Cannot connect" })
  plain = await startBrowser()
  const context = await plain.newContext({
    baseURL: admin.workers.url(),
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  })
  const page = await context.newPage()
  await page.goto("/sign-in")
  await page.getByLabel("Role").selectOption("support")
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.getByRole("link", { name: "1 ticket waits for us" }).click()
  await page.getByRole("link", { name: `#${number} Cannot connect` }).click()
  await page.getByRole("button", { name: "Claim" }).click()
  await page.getByText("Local support claimed it").waitFor()
  await page.getByLabel("Message", { exact: true }).fill("They use the old launcher")
  await page.getByRole("button", { name: "Keep as internal note" }).click()
  await page.getByText("internal note", { exact: true }).waitFor()
  await page.getByLabel("Message", { exact: true }).fill("Hello!")
  await page.getByLabel("Canned reply").selectOption({ label: "Restart first (Technical)" })
  await page.getByRole("button", { name: "Put it in" }).click()
  expect(await page.getByLabel("Message", { exact: true }).inputValue()).toMatch(/^Hello!\n\nMany troubles/)
  await page.getByRole("button", { name: "Send reply" }).click()
  await page.locator(".message.staff", { hasText: "Many troubles" }).waitFor()
  await page.getByLabel("Priority", { exact: true }).selectOption("high")
  await page.getByRole("button", { name: "Change: priority" }).click()
  await page.getByText("made its priority high").waitFor()
  await page.getByLabel("Close, because").fill("They restarted")
  await page.getByRole("button", { name: "Close ticket" }).click()
  await page.getByText("closed it: They restarted").waitFor()
  expect(await rowOf(id)).toMatchObject({ status: "closing", priority: "high", last_from: "staff" })
  await context.close()
}, 60_000)
