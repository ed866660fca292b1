import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { listTickets } from "../../shared/support/listTickets/listTickets.ts"
import { ticketBoard } from "../../shared/support/listTickets/ticketBoard.ts"
import { type TicketFilter, ticketFilter } from "../../shared/support/listTickets/ticketFilter.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { testContext } from "../support/testContext.ts"
import { insertTicket, insertTicketMessage } from "../support/ticketRows.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
/** A Friday, 13:00 in Berlin. */
const now = new Date("2026-11-20T12:00:00Z")
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const staffId = "00000000-0000-4000-8000-0000000000b1"
const customerId = "00000000-0000-4000-8000-0000000000a1"
const ctx = testContext({
  db,
  now,
  vendors: {},
  actor: { kind: "staff", id: staffId, email: "bea@example.com", name: "Bea", role: "support" },
})

beforeEach(async () => {
  await db.execute(sql`truncate tickets, customers, staff cascade`)
  await seedSupport(ctx)
  await db.execute(sql`
    insert into staff (id, email, name, role, discord_user_id, created_at)
    values (${staffId}, 'bea@example.com', 'Bea Lind', 'support', '200000000000000001', now())`)
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (${customerId}, 'cus_ada', 'ada@example.com', 'Ada Koch', now(), now(), '', '')`)
})

const found = async (filter: TicketFilter) => (await listTickets(ctx, { filter })).tickets.map(({ subject }) => subject)

test("every filter shows what it says, and nothing else", async () => {
  const down = await insertTicket(db, { subject: "Down", priority: "urgent", openedAt: ago(10), customerId })
  await insertTicketMessage(db, down.id, { content: "The console says segfault." })
  await insertTicket(db, {
    subject: "Refund",
    categoryId: "billing",
    source: "email",
    openerEmail: "eve@example.com",
    openerName: "Eve 100%",
    openedAt: ago(20),
    firstResponseAt: ago(15),
    lastFrom: "staff",
    claimedBy: `staff:${staffId}`,
    claimedByLabel: "bea@example.com",
  })
  await insertTicket(db, { subject: "Done", status: "closed", closedAt: ago(5), openedAt: ago(30), lastFrom: "staff" })
  await insertTicket(db, {
    subject: "From Discord",
    openedAt: ago(40),
    claimedBy: "discord:200000000000000001",
    claimedByLabel: "bea_l",
  })
  await insertTicket(db, { subject: "Broken", status: "opening", error: "Missing Access", openedAt: ago(50) })

  expect(await found({})).toEqual(["Down", "Refund", "Done", "From Discord", "Broken"])
  expect(await found({ sort: "opened" })).toEqual(["Broken", "From Discord", "Done", "Refund", "Down"])
  expect(await found({ status: "closed" })).toEqual(["Done"])
  expect(await found({ status: "active" })).toEqual(["Down", "Refund", "From Discord", "Broken"])
  expect(await found({ owes: "customer" })).toEqual(["Refund"])
  expect(await found({ owes: "us" })).toEqual(["Down", "From Discord", "Broken"])
  expect(await found({ category: "billing" })).toEqual(["Refund"])
  expect(await found({ priority: "urgent" })).toEqual(["Down"])
  expect(await found({ source: "email" })).toEqual(["Refund"])
  expect(await found({ claimed: "me" })).toEqual(["Refund", "From Discord"])
  expect(await found({ claimed: "nobody" })).toEqual(["Down", "Done", "Broken"])
  expect(await found({ trouble: "yes" })).toEqual(["Broken"])
  expect(await found({ opener: "EVE@example.com" })).toEqual(["Refund"])
  expect(await found({ customer: customerId })).toEqual(["Down"])
  expect(await found({ q: `#${down.number}` })).toEqual(["Down"])
  expect(await found({ q: "ada koch" })).toEqual(["Down"])
  expect(await found({ q: "segfault" })).toEqual(["Down"])
  expect(await found({ q: "100%" })).toEqual(["Refund"])
  expect(await found({ q: "%%%" })).toEqual([])
  expect((await listTickets(ctx, { filter: { claimed: "me" } })).tickets.map(({ claimedBy }) => claimedBy)).toEqual([
    "Bea Lind",
    "Bea Lind",
  ])
})

test("a ticket is overdue by working hours: an evening does not count, an answer stops the first clock", async () => {
  // Technical: 120 working minutes until the first answer, 1440 until it is resolved; 09:00 to 18:00 in Berlin.
  await insertTicket(db, { subject: "An hour and 59 minutes ago", openedAt: ago(119) })
  await insertTicket(db, { subject: "Two hours ago", openedAt: ago(120) })
  await insertTicket(db, { subject: "Answered", openedAt: ago(240), firstResponseAt: ago(230), lastFrom: "staff" })
  await insertTicket(db, {
    subject: "Last week, answered",
    openedAt: ago(7 * 1440),
    firstResponseAt: ago(7 * 1440 - 5),
  })
  await insertTicket(db, { subject: "Closed", status: "closed", openedAt: ago(9 * 1440), closedAt: ago(1) })
  const { tickets } = await listTickets(ctx, { filter: { overdue: "yes" } })
  expect(tickets.map(({ subject, late }) => [subject, late])).toEqual([
    ["Two hours ago", "first response"],
    ["Last week, answered", "resolution"],
  ])
  const evening = { ...ctx, now: () => new Date("2026-11-20T20:00:00Z") }
  await db.execute(sql`update tickets set opened_at = '2026-11-20T16:30:00Z' where subject = 'Two hours ago'`)
  const late = await listTickets(evening, { filter: { overdue: "yes", q: "Two hours" } })
  expect(late.tickets).toEqual([])
})

test("pages follow each other without a gap or a repeat", async () => {
  for (let each = 0; each < 120; each++) await insertTicket(db, { subject: `Ticket ${each}`, openedAt: ago(each % 40) })
  const seen: number[] = []
  let after: string | undefined
  do {
    const list = await listTickets(ctx, { filter: {}, ...(after && { after }) })
    seen.push(...list.tickets.map(({ number }) => number))
    after = list.next ?? undefined
  } while (after)
  expect(seen).toHaveLength(120)
  expect(new Set(seen).size).toBe(120)
})

test("the board shows who waits for whom, what failed and what is over, the longest wait first", async () => {
  await insertTicket(db, { subject: "Waits long", openedAt: ago(60) })
  await insertTicket(db, { subject: "Waits short", openedAt: ago(10) })
  await insertTicket(db, { subject: "Urgent", openedAt: ago(5), priority: "urgent" })
  await insertTicket(db, { subject: "Answered", openedAt: ago(95), lastFrom: "staff" })
  const failed = await insertTicket(db, { subject: "Reply failed", openedAt: ago(90), lastFrom: "staff" })
  await insertTicketMessage(db, failed.id, { origin: "admin", authorKind: "staff", delivery: "failed", error: "No." })
  await insertTicket(db, { subject: "Over", status: "closed", openedAt: ago(90), closedAt: ago(2) })
  await insertTicket(db, { subject: "Long over", status: "closed", openedAt: ago(90), closedAt: ago(8 * 1440) })
  const { columns } = await ticketBoard(ctx, {})
  expect(Object.fromEntries(columns.map(({ key, tickets }) => [key, tickets.map(({ subject }) => subject)]))).toEqual({
    us: ["Urgent", "Waits long", "Waits short"],
    customer: ["Answered", "Reply failed"],
    trouble: ["Reply failed"],
    closed: ["Over"],
  })
})

test("addresses that somebody has made up are answered as if nothing were asked", async () => {
  const viewer = await admin.as("viewer")
  for (const query of [
    "status=x&owes=1&claimed=%27",
    "after=%5B%22x%22%5D",
    "customer=1&q=%00",
    "q='%22)%20OR%201=1",
  ]) {
    const answer = await viewer.get(`/tickets/list?${query}`)
    expect([query, answer.status]).toEqual([query, query.includes("%00") ? 400 : 200])
  }
  expect((await viewer.get("/tickets?category=none&claimed=x")).status).toBe(200)
  expect(ticketFilter.parse({ status: "x", q: "a".repeat(999) })).toMatchObject({ status: "", q: "" })
})

test("the search of all pages goes to a ticket by its number", async () => {
  const { id, number } = await insertTicket(db, { subject: "Down" })
  const viewer = await admin.as("viewer")
  const found = async (q: string) => await (await viewer.get(`/search?q=${encodeURIComponent(q)}`)).text()
  expect(await found(`#${number}`)).toContain(`href="/tickets/${id}"`)
  for (const q of ["#999999999999999", "#", "#12x", String(number)])
    expect(await found(q)).not.toContain(`href="/tickets/${id}"`)
})
