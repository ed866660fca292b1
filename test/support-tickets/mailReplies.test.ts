import { sql } from "drizzle-orm"
import { describe, expect, test } from "vitest"
import { selectDueReplies } from "../../shared/support/mail/claimReplies.ts"
import type { ResendApi, SendResult } from "../../shared/vendors/resend.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, useMail } from "./useMail.ts"

const { db } = useDatabase()
const mail = useMail(db)
const ada = "Ada <ada@example.org>"

/** A ticket by mail, acknowledged. */
async function ticket() {
  const first = await mail.receive({ from: ada, subject: "Help", text: "Hello" })
  await mail.send()
  await mail.apply()
  return { ...(await mail.ticket()), first }
}
const message = async (id: string) => (await mail.messages()).find((each) => each.id === id)
const answering = (result: SendResult): ResendApi => ({ send: async () => result })

test("an answer goes out from the support address, in the thread, as text and as HTML without any of its markup", async () => {
  const { id, number, first } = await ticket()
  const acknowledged = mail.fakes.mailbox.mails[0]
  mail.clock.now = later(5)
  const messageId = await mail.answer(
    id,
    "Hello <b>Ada</b>,\n\nsee https://example.com/a?b=1&c=2.\n<script>alert(1)</script>",
  )
  const [sent] = await mail.send()
  expect(sent).toMatchObject({
    from: '"Grace (Example Hosting)" <support@example.com>',
    to: ["ada@example.org"],
    replyTo: [`support+${number}@example.com`],
    subject: `Re: Help [#${number}]`,
    idempotencyKey: messageId,
    tags: [{ name: "ticket_message", value: messageId }],
  })
  expect(sent?.html).toBe(
    '<p>Hello &lt;b&gt;Ada&lt;/b&gt;,</p>\n<p>see <a href="https://example.com/a?b=1&amp;c=2">https://example.com/a?b=1&amp;c=2</a>.<br>\n&lt;script&gt;alert(1)&lt;/script&gt;</p>',
  )
  expect(sent?.headers).toMatchObject({ "Message-ID": `<${messageId}@example.com>`, "In-Reply-To": first.messageId })
  const references = sent?.headers.References?.split(" ")
  expect(references?.[0]).toBe(first.messageId)
  expect(references).toContain(acknowledged?.headers["Message-ID"])
  expect(references?.at(-1)).toBe(`<${messageId}@example.com>`)
  expect(sent?.headers["Auto-Submitted"]).toBeUndefined()
  expect(await message(messageId)).toMatchObject({ delivery: "sent", error: null })
})

test("no header of what goes out is made by what somebody wrote", async () => {
  await mail.receive({
    from: "ada@example.org",
    subject: "Hi\r\nBcc: everybody@example.org",
    text: "Hello",
    messageId: "<a@b>\r\nBcc: x@example.org",
    headers: { References: "<a\r\nX-Evil: 1> <ok@example.org> <spaced id@example.org>" },
  })
  const { id } = await mail.ticket()
  await mail.answer(id, "Hello")
  for (const sent of await mail.send())
    for (const text of [sent.subject, sent.from, ...Object.values(sent.headers)]) expect(text).not.toMatch(/[\r\n]/)
})

test("two senders at once send a message once, and what is sent is not sent again", async () => {
  const { id } = await ticket()
  await mail.answer(id, "Hello")
  await Promise.all([mail.send(), mail.send(), mail.send()])
  await mail.send()
  expect(mail.fakes.mailbox.mails.filter(({ text }) => text === "Hello")).toHaveLength(1)
})

test("notes and tickets in Discord are no mail", async () => {
  const { id } = await ticket()
  const note = await mail.answer(id, "A note")
  await db.execute(sql`update ticket_messages set internal = true where id = ${note}`)
  expect(await mail.send()).toEqual([])
  await db.execute(sql`update ticket_messages set internal = false where id = ${note}`)
  await db.execute(sql`update tickets set source = 'discord'`)
  expect(await mail.send()).toEqual([])
})

test("after an address came back for good nothing more goes there, and staff see why", async () => {
  const { id } = await ticket()
  const [sentMail] = mail.fakes.mailbox.mails
  mail.fakes.mailbox.happen(sentMail?.id ?? "", "bounced")
  await mail.fakes.settled()
  await mail.apply()
  expect((await mail.messages()).find(({ author_kind }) => author_kind === "bot")).toMatchObject({
    delivery: "failed",
    error: expect.stringContaining("It came back"),
  })
  const messageId = await mail.answer(id, "Hello?")
  expect(await mail.send()).toEqual([])
  expect(await message(messageId)).toMatchObject({
    delivery: "failed",
    error: "No mail goes to ada@example.org: an earlier mail came back for good.",
  })
  await db.execute(sql`delete from suppressions`)
  mail.fakes.mailbox.suppressed.clear()
  await db.execute(
    sql`update ticket_messages set delivery = 'queued', attempts = 0, error = null, next_attempt_at = now() - interval '1 year' where id = ${messageId}`,
  )
  expect(await mail.send()).toHaveLength(1)
})

test.each(["sent first", "bounced first"])("a bounce stands, whatever comes after it: %s", async (order) => {
  await ticket()
  const [first] = mail.fakes.mailbox.mails
  mail.fakes.mailbox.happen(first?.id ?? "", "bounced")
  mail.fakes.mailbox.happen(first?.id ?? "", "delivered")
  await mail.fakes.settled()
  const found = await db.execute<{ svix_id: string }>(
    sql`select svix_id from resend_events where status = 'received' order by type = 'email.bounced' ${sql.raw(order === "sent first" ? "asc" : "desc")}`,
  )
  for (const { svix_id } of found.rows) await mail.apply(mail.context(), [svix_id])
  expect((await mail.messages()).find(({ author_kind }) => author_kind === "bot")).toMatchObject({ delivery: "failed" })
})

describe("what Resend answers", () => {
  test("for good is said to staff, and what they have sent again is written anew", async () => {
    const { id } = await ticket()
    const messageId = await mail.answer(id, "Hello")
    await mail.send({ vendor: answering({ kind: "rejected", reason: "422 validation_error: no" }) })
    expect(await message(messageId)).toMatchObject({ delivery: "failed", error: "422 validation_error: no" })
    await db.execute(
      sql`update ticket_messages set delivery = 'queued', attempts = 0, content = 'Better', next_attempt_at = now() - interval '1 year' where id = ${messageId}`,
    )
    expect((await mail.send()).map(({ text }) => text)).toEqual(["Better"])
  })

  test("for now is tried again, ever more rarely, and after 23 hours given up as unknown", async () => {
    const { id } = await ticket()
    const messageId = await mail.answer(id, "Hello")
    const vendor = answering({ kind: "retry", reason: "500", afterSeconds: 1, maybeAccepted: true })
    let tries = 0
    for (let minute = 0; minute < 25 * 60; minute += 5) {
      mail.clock.now = later(minute)
      const due = await selectDueReplies(mail.context(), 10)
      if (due.includes(messageId)) tries++
      await mail.send({ vendor })
    }
    expect(tries).toBeLessThan(60)
    expect(await message(messageId)).toMatchObject({
      delivery: "failed",
      error: "Whether it was sent is unknown: no answer within 23 hours.",
    })
  })

  test("too late is settled by its webhook", async () => {
    const { id } = await ticket()
    const messageId = await mail.answer(id, "Hello")
    const resend = mail.resend()
    const vendor: ResendApi = {
      async send(...input) {
        await resend.send(...input)
        return { kind: "conflict", reason: "409" }
      },
    }
    await mail.send({ vendor })
    expect(await message(messageId)).toMatchObject({ delivery: "failed", error: expect.stringContaining("unknown") })
    await mail.apply()
    expect(await message(messageId)).toMatchObject({ delivery: "sent", error: null })
  })

  test("that it is paused keeps everything for later", async () => {
    const { id } = await ticket()
    await db.execute(
      sql`insert into sender_state (id, paused_until, reason) values ('resend', ${later(30).toISOString()}, 'quota')`,
    )
    await mail.answer(id, "Hello")
    expect(await selectDueReplies(mail.context(), 10)).toEqual([])
    expect(await mail.send()).toEqual([])
    mail.clock.now = later(31)
    expect(await selectDueReplies(mail.context(), 10)).toHaveLength(1)
    expect(await mail.send()).toHaveLength(1)
  })
})

test("a conversation of several answers on both sides stays one ticket, in its order", async () => {
  const { id } = await ticket()
  for (let turn = 1; turn <= 3; turn++) {
    mail.clock.now = later(turn * 60)
    await mail.answer(id, `Answer ${turn}`)
    const [sent] = await mail.send()
    await mail.apply()
    mail.clock.now = later(turn * 60 + 30)
    await mail.receive({
      from: ada,
      subject: `Re: Help ${turn}`,
      text: `Question ${turn}`,
      headers: { "In-Reply-To": sent?.messageId ?? "" },
    })
  }
  await mail.ticket()
  const said = (await mail.messages()).filter(({ author_kind }) => author_kind !== "bot").map(({ content }) => content)
  expect(said).toEqual(["Hello", "Answer 1", "Question 1", "Answer 2", "Question 2", "Answer 3", "Question 3"])
})
