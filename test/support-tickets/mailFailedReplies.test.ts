import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import { discardReply, retryReply } from "../../shared/support/ticketDetail/retryReply.ts"
import type { ResendApi } from "../../shared/vendors/resend.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, useMail } from "./useMail.ts"

const { db } = useDatabase()
const mail = useMail(db)
const bea = "staff:00000000-0000-4000-8000-0000000000b1"
const actor = { kind: "staff", id: bea.slice(6), email: "bea@local.test", name: "Bea", role: "support" } as const

const ticket = async () => (await db.execute(sql`select * from tickets`)).rows[0]
/** A ticket by mail that Bea has answered five minutes later; not sent yet. */
async function answered(): Promise<string> {
  await mail.receive({ from: "ada@example.org", subject: "Help", text: "Hello" })
  await mail.send()
  await mail.apply()
  mail.clock.now = later(5)
  const messageId = crypto.randomUUID()
  const { id } = await mail.ticket()
  await replyToTicket({ ...mail.context(), actor }, { messageId, ticketId: id, content: "Restart it", internal: false })
  expect(await ticket()).toMatchObject({ last_from: "staff", first_response_by: bea })
  return messageId
}
const unanswered = { last_from: "opener", first_response_at: null, first_response_by: null }

test("a mail that comes back is no answer", async () => {
  await answered()
  const [sent] = await mail.send()
  expect(await ticket()).toMatchObject({ last_from: "staff", first_response_by: bea })
  mail.clock.now = later(9)
  mail.fakes.mailbox.happen(sent?.id ?? "", "bounced")
  await mail.fakes.settled()
  await mail.apply()
  expect(await ticket()).toMatchObject(unanswered)
})

test("a mail that Resend refuses is no answer", async () => {
  await answered()
  await mail.send({ vendor: { send: async () => ({ kind: "rejected", reason: "no" }) } })
  expect(await ticket()).toMatchObject(unanswered)
})

/** Sends, and does not say so. */
const silentResend = (): ResendApi => ({
  async send(...input) {
    await mail.resend().send(...input)
    return { kind: "conflict", reason: "409" }
  },
})

test.each([
  ["sent", undefined],
  ["sent, as Resend alone knows", silentResend],
])("a reply that Resend refuses is an answer from when it is tried again, and %s", async (_, resend) => {
  const messageId = await answered()
  await mail.send({ vendor: { send: async () => ({ kind: "rejected", reason: "no" }) } })
  mail.clock.now = later(240)
  await retryReply({ ...mail.context(), actor }, { ticketId: (await mail.ticket()).id, messageId })
  await mail.send({ vendor: resend?.() })
  mail.clock.now = later(241)
  expect((await mail.apply()).ids).not.toEqual([])
  expect((await mail.messages()).find(({ id }) => id === messageId)).toMatchObject({ delivery: "sent" })
  const row = await ticket()
  expect(row).toMatchObject({ last_from: "staff", first_response_by: bea })
  expect(new Date(String(row?.first_response_at))).toEqual(later(240))
  expect(new Date(String(row?.last_message_at))).toEqual(later(240))
})

test("a mail of which nobody knows whether it was sent is no answer until Resend says that it was", async () => {
  await answered()
  const before = await ticket()
  await mail.send({ vendor: silentResend() })
  expect(await ticket()).toMatchObject(unanswered)
  await mail.apply()
  const { first_response_at, last_message_at, last_from } = before ?? {}
  expect(await ticket()).toMatchObject({ first_response_at, last_message_at, last_from, first_response_by: bea })
})

test("giving up a mail that was refused, after another was sent, keeps that the opener was warned", async () => {
  const messageId = await answered()
  await mail.send({ vendor: { send: async () => ({ kind: "rejected", reason: "no" }) } })
  mail.clock.now = later(10)
  const { id: ticketId } = await mail.ticket()
  const again = { messageId: crypto.randomUUID(), ticketId, content: "Restart it, please", internal: false }
  await replyToTicket({ ...mail.context(), actor }, again)
  await mail.send()
  await mail.apply()
  mail.clock.now = later(73 * 60)
  await db.execute(sql`update tickets set warned_at = ${mail.clock.now.toISOString()}`)
  const before = await ticket()
  mail.clock.now = later(90 * 60)
  await discardReply({ ...mail.context(), actor }, { ticketId, messageId })
  const { warned_at, last_message_at } = before ?? {}
  expect(warned_at).not.toBe(null)
  expect(await ticket()).toMatchObject({ warned_at, last_message_at, last_from: "staff" })
})

test("giving up a mail leaves another, that was written before and tried again after it, an answer from then on", async () => {
  const refusing: ResendApi = { send: async () => ({ kind: "rejected", reason: "no" }) }
  const first = await answered()
  const { id: ticketId } = await mail.ticket()
  mail.clock.now = later(10)
  const second = crypto.randomUUID()
  await replyToTicket({ ...mail.context(), actor }, { messageId: second, ticketId, content: "Again", internal: false })
  await mail.send({ vendor: refusing })
  mail.clock.now = later(240)
  await retryReply({ ...mail.context(), actor }, { ticketId, messageId: first })
  await mail.send()
  const { first_response_at, last_message_at } = (await ticket()) ?? {}
  await discardReply({ ...mail.context(), actor }, { ticketId, messageId: second })
  expect(await ticket()).toMatchObject({ last_message_at, first_response_at, first_response_by: bea })
})
