import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import type { ResendApi } from "../../shared/vendors/resend.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, useMail } from "./useMail.ts"

const { db } = useDatabase()
const mail = useMail(db)
const bea = "staff:00000000-0000-4000-8000-0000000000b1"

const ticket = async () => (await db.execute(sql`select * from tickets`)).rows[0]
/** A ticket by mail that Bea has answered five minutes later; not sent yet. */
async function answered(): Promise<string> {
  await mail.receive({ from: "ada@example.org", subject: "Help", text: "Hello" })
  await mail.send()
  await mail.apply()
  mail.clock.now = later(5)
  const messageId = crypto.randomUUID()
  const actor = { kind: "staff", id: bea.slice(6), email: "bea@local.test", name: "Bea", role: "support" } as const
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

test("a mail of which nobody knows whether it was sent is no answer until Resend says that it was", async () => {
  await answered()
  const before = await ticket()
  const resend = mail.resend()
  const vendor: ResendApi = {
    async send(...input) {
      await resend.send(...input)
      return { kind: "conflict", reason: "409" }
    },
  }
  await mail.send({ vendor })
  expect(await ticket()).toMatchObject(unanswered)
  await mail.apply()
  const { first_response_at, last_message_at, last_from } = before ?? {}
  expect(await ticket()).toMatchObject({ first_response_at, last_message_at, last_from, first_response_by: bea })
})
