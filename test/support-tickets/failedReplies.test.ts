import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { ticketFigures } from "../../shared/support/figures/ticketFigures.ts"
import { reserveTicket } from "../../shared/support/open/reserveTicket.ts"
import { deliverReply } from "../../shared/support/reply/deliverReply.ts"
import { loadSupport } from "../../shared/support/supportSetup.ts"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import { discardReply, retryReply } from "../../shared/support/ticketDetail/retryReply.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { idAt } from "./scriptedDiscord.ts"
import { useTickets } from "./useTickets.ts"

const tickets = useTickets(useDatabase())
const { db, rows } = tickets
const staff = {
  kind: "staff",
  id: "00000000-0000-4000-8000-0000000000b1",
  email: "bea@local.test",
  name: "Bea",
  role: "support",
} as const
const bea = `staff:${staff.id}`

let ticketId = ""
let place = ""
beforeEach(async () => {
  const ctx = tickets.context()
  const reserved = await reserveTicket(ctx, await loadSupport(ctx), tickets.wish())
  if (reserved.outcome !== "reserved") throw new Error(`It was not reserved: ${reserved.outcome}.`)
  await carryTicket(ctx, reserved)
  ticketId = reserved.id
  place = String((await rows(sql`select channel_id from tickets`))[0]?.channel_id)
})

const minutes = (count: number) => new Date(Date.now() + count * 60_000)
const context = (now = new Date()) => tickets.context({ actor: staff, now })
const ticket = async () => (await rows(sql`select * from tickets`))[0]
const instants = async () => {
  const row = await ticket()
  return [row?.first_response_at, row?.last_message_at].map((at) => (at ? new Date(String(at)).getTime() : null))
}
const reachable = (is: boolean) => db.execute(sql`update tickets set channel_id = ${is ? place : "1"}`)
async function reply(ctx = context()) {
  const messageId = crypto.randomUUID()
  await replyToTicket(ctx, { messageId, ticketId, content: "Restart it", internal: false })
  return messageId
}

test("a reply that Discord refuses is no answer: the opener waits, and nothing closes by itself", async () => {
  const [, openedAt] = await instants()
  await reachable(false)
  const id = await reply(context(minutes(5)))
  expect(await ticket()).toMatchObject({ last_from: "staff", first_response_by: bea })
  expect(await deliverReply(context(minutes(5)), { id })).toBe("failed")
  expect(await ticket()).toMatchObject({ last_from: "opener", first_response_at: null, first_response_by: null })
  expect(await instants()).toEqual([null, openedAt])
  expect((await ticketFigures(context(minutes(6)), {})).all.firstResponse.count).toBe(0)
})

test("a reply that is given up is no answer either", async () => {
  const id = await reply(context(minutes(5)))
  await db.execute(sql`update ticket_messages set delivery = 'failed' where id = ${id}`)
  await discardReply(context(), { ticketId, messageId: id })
  expect(await ticket()).toMatchObject({ last_from: "opener", first_response_at: null })
  await expect(discardReply(context(), { ticketId, messageId: id })).rejects.toMatchObject({ code: "conflict" })
})

test("a reply that is tried again counts from then on, and no more once it fails again", async () => {
  await reachable(false)
  const id = await reply(context(minutes(5)))
  await deliverReply(context(minutes(5)), { id })
  const again = minutes(30)
  await retryReply(context(again), { ticketId, messageId: id })
  expect(await instants()).toEqual([again.getTime(), again.getTime()])
  expect(await ticket()).toMatchObject({ last_from: "staff", first_response_by: bea })
  expect(await deliverReply(context(again), { id })).toBe("failed")
  expect(await ticket()).toMatchObject({ last_from: "opener", first_response_at: null })
  await reachable(true)
  await retryReply(context(minutes(60)), { ticketId, messageId: id })
  expect(await deliverReply(context(minutes(60)), { id })).toBe("sent")
  expect(await ticket()).toMatchObject({ last_from: "staff", first_response_by: bea })
})

test("an answer before one that failed stays the answer, and who has spoken since has spoken last", async () => {
  const first = await reply(context(minutes(5)))
  expect(await deliverReply(context(minutes(5)), { id: first })).toBe("sent")
  const answered = await instants()
  await reachable(false)
  const second = await reply(context(minutes(10)))
  await deliverReply(context(minutes(10)), { id: second })
  expect(await instants()).toEqual(answered)
  expect(await ticket()).toMatchObject({ last_from: "staff", first_response_by: bea })
  const third = await reply(context(minutes(20)))
  const spoken = minutes(25)
  await db.execute(sql`
    insert into ticket_messages (id, ticket_id, origin, external_id, author_id, author_name, author_kind, content, sent_at)
    values (gen_random_uuid(), ${ticketId}, 'discord', '77', ${tickets.ids.users.ada}, 'Ada', 'opener', 'Well?', ${spoken.toISOString()})`)
  await db.execute(sql`update tickets set last_from = 'opener', last_message_at = ${spoken.toISOString()}`)
  await deliverReply(context(minutes(26)), { id: third })
  expect(await instants()).toEqual([answered[0], spoken.getTime()])
  expect(await ticket()).toMatchObject({ last_from: "opener" })
})

test("a note that fails takes nothing back", async () => {
  await deliverReply(context(), { id: await reply() })
  const before = await ticket()
  const messageId = crypto.randomUUID()
  await replyToTicket(context(), { messageId, ticketId, content: "Hm", internal: true })
  await db.execute(sql`update tickets set staff_thread_id = '1'`)
  await db.execute(sql`update ticket_messages set delivery = 'failed' where id = ${messageId}`)
  await retryReply(context(minutes(5)), { ticketId, messageId })
  const { first_response_at, last_message_at, last_from } = before ?? {}
  expect(await ticket()).toMatchObject({ first_response_at, last_message_at, last_from })
})

test("giving up a reply that somebody has answered since keeps what the opener was reminded and warned of", async () => {
  await reachable(false)
  const lost = await reply(context(minutes(5)))
  await deliverReply(context(minutes(5)), { id: lost })
  await reachable(true)
  const second = await reply(context(minutes(10)))
  await deliverReply(context(minutes(10)), { id: second })
  await db.execute(sql`
    update tickets set nudged_at = ${minutes(25 * 60).toISOString()}, warned_at = ${minutes(73 * 60).toISOString()}`)
  const before = await ticket()
  await discardReply(context(minutes(90 * 60)), { ticketId, messageId: lost })
  const { nudged_at, warned_at, last_message_at } = before ?? {}
  expect(nudged_at).not.toBe(null)
  expect(await ticket()).toMatchObject({ nudged_at, warned_at, last_message_at, last_from: "staff" })
})

test("giving up a reply leaves another, that was written before and tried again after it, an answer from then on", async () => {
  await reachable(false)
  const first = await reply(context(minutes(5)))
  await deliverReply(context(minutes(5)), { id: first })
  const second = await reply(context(minutes(10)))
  await deliverReply(context(minutes(10)), { id: second })
  await reachable(true)
  const again = minutes(240)
  await retryReply(context(again), { ticketId, messageId: first })
  await deliverReply(context(again), { id: first })
  await db.execute(sql`update ticket_messages set external_id = ${idAt(again)} where id = ${first}`)
  const before = await instants()
  await discardReply(context(minutes(250)), { ticketId, messageId: second })
  expect(await instants()).toEqual(before)
})
