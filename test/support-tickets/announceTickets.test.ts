import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { announceTickets } from "../../shared/support/announceTickets.ts"
import { ticketEvent } from "../../shared/support/ticketEvent.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-21T12:00:00Z")
const ctx = testContext({ db, now, vendors: {} })
const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows

test("rules hear once of what happened to a customer's ticket, and of nobody's not at all", async () => {
  const customer = crypto.randomUUID()
  await db.execute(sql`
    insert into customers (id, email, created_at, synced_at, synced_order, digest) values (${customer}, 'ada@example.com', now(), now(), '', '')`)
  await db.execute(sql`
    insert into rules (id, name, change_kind, condition, actions, enabled, updated_at) values ('unhappy', 'Unhappy', 'ticket.rated',
      '{"field": "change.rating", "op": "lte", "value": 2}',
      '[{"do": "add_tag", "tag": "unhappy"}, {"do": "notify_staff", "message": "Somebody is unhappy."}]', true, now())`)
  const ticket = async (customerId: string | null, rating: number) => {
    const id = crypto.randomUUID()
    await db.execute(sql`
      insert into tickets (id, source, status, category_id, subject, description, customer_id, opener_name, opened_at, last_message_at, rating)
      values (${id}, 'email', 'closed', 'other', 'Help', 'Help', ${customerId}, 'Ada', now(), now(), ${rating})`)
    await db.execute(ticketEvent(ctx, { ticketId: id, kind: "rated", data: { rating } }))
    await db.execute(ticketEvent(ctx, { ticketId: id, kind: "claimed" }))
  }
  await ticket(customer, 1)
  await ticket(customer, 5)
  await ticket(null, 1)
  expect((await Promise.all([announceTickets(ctx), announceTickets(ctx)])).every((count) => count <= 2)).toBe(true)
  expect(await announceTickets(ctx)).toBe(0)
  expect(await rows(sql`select rule_id from rule_firings`)).toEqual([{ rule_id: "unhappy" }])
  expect(await rows(sql`select message from staff_notifications`)).toEqual([{ message: "Somebody is unhappy." }])
  expect(await rows(sql`select tags from customers`)).toEqual([{ tags: ["unhappy"] }])
  ctx.clock.now = new Date(now.getTime() + 25 * 3_600_000)
  await announceTickets(ctx)
  expect(await rows(sql`select from ticket_events where rules_at is null`)).toEqual([])
})
