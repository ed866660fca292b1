import { sql } from "drizzle-orm"
import { beforeEach, describe, expect, test } from "vitest"
import { announceTickets } from "../../shared/support/announceTickets.ts"
import { rateTicket } from "../../shared/support/work/rateTicket.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const id = "11111111-1111-4111-8111-111111111111"
const customer = "22222222-2222-4222-8222-222222222222"
const ctx = testContext({ db, actor: { kind: "public" }, vendors: {} })
const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows
const rate = (rating: number, comment = "") => rateTicket(ctx, { id, rating, comment, byLink: true })
const told = () => rows(sql`select data ->> 'rating' as rating from ticket_events where kind = 'rated' order by at, id`)
const rating = async () => (await rows(sql`select rating, rating_comment as comment from tickets where id = ${id}`))[0]

beforeEach(async () => {
  await db.execute(sql`truncate tickets, customers, rules, rule_firings, staff_notifications cascade`)
  await db.execute(sql`
    insert into customers (id, email, created_at, synced_at, synced_order, digest) values (${customer}, 'ada@example.com', now(), now(), '', '')`)
  await db.execute(sql`
    insert into tickets (id, source, status, category_id, subject, description, customer_id, opener_id, opener_name, opened_at, last_message_at, closed_at)
    values (${id}, 'discord', 'closed', 'other', 'Help', 'Help', ${customer}, '300000000000000001', 'Ada', now(), now(), '2026-11-19T12:00:00Z')`)
})

describe("a ticket is rated", () => {
  test("once by fifty presses of the same, one after the other or at once", async () => {
    for (let press = 0; press < 5; press++) await rate(4, "Quick")
    await Promise.all(Array.from({ length: 45 }, () => rate(4, "Quick")))
    expect(await told()).toEqual([{ rating: "4" }])
    expect(await rating()).toEqual({ rating: 4, comment: "Quick" })
    expect(
      await rows(sql`select action from audit_log where action = 'ticket.rated' and subject_id = ${id}`),
    ).toHaveLength(1)
    expect(await rows(sql`select from timeline_entries where kind = 'ticket.rated'`)).toHaveLength(1)
  })

  test("by the last of different presses, each told as often as it changed something", async () => {
    await Promise.all([1, 2, 3, 4, 5].map((stars) => rate(stars)))
    const events = await told()
    expect(new Set(events.map((event) => event.rating))).toEqual(new Set(["1", "2", "3", "4", "5"]))
    expect(events).toHaveLength(5)
    await rate(2, "On second thoughts")
    await rate(2, "On third thoughts")
    expect(await told()).toHaveLength(7)
    expect(await rating()).toEqual({ rating: 2, comment: "On third thoughts" })
  })

  test("anew ten times at most, and again once it was opened and closed in between", async () => {
    for (let press = 0; press < 10; press++) await rate((press % 2) + 1)
    await expect(rate(5)).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("often enough") })
    await rate(2)
    expect(await rating()).toMatchObject({ rating: 2 })
    expect(await told()).toHaveLength(10)
    ctx.clock.now = new Date(ctx.clock.now.getTime() + 60_000)
    await db.execute(sql`update tickets set closed_at = ${ctx.clock.now.toISOString()}`)
    await rate(5)
    expect(await rating()).toMatchObject({ rating: 5 })
  })

  test("by nobody while it is open, the same rating or another", async () => {
    await rate(3)
    await db.execute(sql`update tickets set status = 'open'`)
    await expect(rate(3)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("once it is closed"),
    })
    await expect(rate(4)).rejects.toMatchObject({ code: "conflict" })
  })

  test("by its opener alone in Discord", async () => {
    const as = (userId: string) => ({ ...ctx, actor: { kind: "discord", userId, name: "Somebody" } as const })
    await rateTicket(as("300000000000000001"), { id, rating: 5, comment: "" })
    for (const stars of [5, 1])
      await expect(rateTicket(as("300000000000000002"), { id, rating: stars, comment: "" })).rejects.toMatchObject({
        code: "conflict",
      })
    expect(await told()).toHaveLength(1)
  })
})

test("rules hear of each rating of a ticket once, as it was given, however often it comes back", async () => {
  await db.execute(sql`
    insert into rules (id, name, change_kind, condition, actions, enabled, updated_at) values ('heard', 'Heard', 'ticket.rated',
      '{"field": "change.rating", "op": "lte", "value": 2}',
      '[{"do": "notify_staff", "message": "Rated badly."}]', true, now())`)
  for (const stars of [1, 5, 1, 2, 1]) await rate(stars)
  expect(await announceTickets(ctx)).toBe(5)
  await rate(2)
  await rate(5)
  expect(await announceTickets(ctx)).toBe(2)
  expect(await rows(sql`select message from staff_notifications order by message`)).toEqual([
    { message: "Rated badly." },
    { message: "Rated badly." },
  ])
  const fired = await rows(sql`select change_key from rule_firings order by change_key`)
  expect(fired).toEqual([{ change_key: `ticket.rated:${id}:1` }, { change_key: `ticket.rated:${id}:2` }])
})
