import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { keepReplyFiles } from "../../shared/support/reply/keepReplyFiles.ts"
import { replyToTicket } from "../../shared/support/ticketDetail/replyToTicket.ts"
import { retryReply } from "../../shared/support/ticketDetail/retryReply.ts"
import type { SendResult } from "../../shared/vendors/resend.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, useMail } from "./useMail.ts"

const { db } = useDatabase()
const mail = useMail(db)
const staff = {
  kind: "staff",
  id: "00000000-0000-4000-8000-0000000000b1",
  email: "bea@local.test",
  name: "Bea",
  role: "support",
} as const
const file = (name: string, data: string | Uint8Array<ArrayBuffer>, contentType = "text/plain") => ({
  name,
  contentType,
  data: new Blob([data]),
})
const context = () => testContext({ db, now: mail.clock.now, actor: staff, vendors: { files: mail.files } })

/** Staff answer the only ticket, which came by mail and is acknowledged. */
async function answer(files: ReturnType<typeof file>[]) {
  await mail.receive({ from: "Ada <ada@example.org>", subject: "Help", text: "Hello" })
  await mail.send()
  const { id: ticketId } = await mail.ticket()
  const messageId = crypto.randomUUID()
  const kept = await keepReplyFiles(context(), { ticketId, files })
  await replyToTicket(context(), { messageId, ticketId, content: "See the file", internal: false, files: kept })
  return { ticketId, messageId }
}
const delivery = async (id: string) =>
  (await db.execute(sql`select delivery, error from ticket_messages where id = ${id}`)).rows[0]
const answers = () => mail.fakes.mailbox.mails.filter(({ text }) => text === "See the file")

test("files of an answer go out as attachments of the mail, to the last byte", async () => {
  const bytes = new Uint8Array(100_000).map((_, index) => (index * 7) % 251)
  const { messageId } = await answer([
    file("invoice.pdf", bytes, "application/pdf"),
    file('a"\r\nBcc: all@example.org.txt', "two"),
  ])
  const [sent] = await mail.send()
  expect(sent?.attachments?.map(({ filename, content_type }) => [filename, content_type])).toEqual([
    ["invoice.pdf", "application/pdf"],
    ["a_Bcc_ all@example.org.txt", "text/plain"],
  ])
  expect(new Uint8Array(Buffer.from(sent?.attachments?.[0]?.content ?? "", "base64"))).toEqual(bytes)
  expect(await delivery(messageId)).toMatchObject({ delivery: "sent" })
})

test("after a lost answer the same mail is sent again, and goes out once", async () => {
  await answer([file("a.txt", "one"), file("b.txt", "two")])
  mail.fakes.faults.resend.set({ errorAfterAcceptance: { count: 1 } })
  await mail.send()
  mail.clock.now = later(5)
  await mail.send()
  expect(answers()).toHaveLength(1)
  expect(mail.fakes.mailbox.replayed).toBe(1)
})

test("what Resend refuses keeps its files for when staff send it again", async () => {
  const { ticketId, messageId } = await answer([file("a.txt", "one")])
  const refused: SendResult = { kind: "rejected", reason: "422 validation_error: no" }
  await mail.send({ vendor: { send: async () => refused } })
  expect(await delivery(messageId)).toMatchObject({ delivery: "failed" })
  await retryReply(context(), { ticketId, messageId })
  const [sent] = await mail.send()
  expect(sent?.attachments).toEqual([{ filename: "a.txt", content_type: "text/plain", content: btoa("one") }])
})

test("a file that is not in the store any more stops the mail, and staff read why", async () => {
  const { messageId } = await answer([file("a.txt", "one")])
  mail.files.files.clear()
  expect(await mail.send()).toEqual([])
  expect(await delivery(messageId)).toEqual({
    delivery: "failed",
    error: '"a.txt" is not in the store of files any more.',
  })
})

test("more than mail servers take is refused in words, though Discord would take it", async () => {
  await expect(answer(["a", "b"].map((name) => file(name, "x".repeat(9_000_000))))).rejects.toThrow(
    "Files of a reply by mail are up to 15 MB together.",
  )
  expect((await db.execute(sql`select from ticket_messages where origin = 'admin'`)).rowCount).toBe(0)
})

test("the most that is taken goes out", async () => {
  await answer([file("a", "x".repeat(9_000_000)), file("b", "y".repeat(6_000_000))])
  const [sent] = await mail.send()
  expect(sent?.attachments?.map(({ content }) => Buffer.from(content, "base64").length)).toEqual([9_000_000, 6_000_000])
})
