import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { forgetMails } from "../../shared/support/mail/forgetMails.ts"
import { openFromMail } from "../../shared/support/mail/openFromMail.ts"
import { mergeTickets } from "../../shared/support/merge/mergeTickets.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, noon, useMail } from "./useMail.ts"

const { db } = useDatabase()
const mail = useMail(db)
const form = "Contact form <no-reply@forms.example>"
const staff = { kind: "staff", id: crypto.randomUUID(), email: "s@staff.test", name: "Sam", role: "support" } as const

async function customer(email: string): Promise<string> {
  const id = crypto.randomUUID()
  await db.execute(sql`insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (${id}, ${`cus_${id}`}, ${email}, 'Ada', now(), now(), '', '')`)
  return id
}
const notes = async () =>
  (await db.execute<{ content: string }>(sql`select content from ticket_messages where internal`)).rows
const recipientOfAnswer = async (ticketId: string) => {
  await mail.answer(ticketId, "We look into it.")
  const sent = await mail.send()
  expect(sent).toHaveLength(1)
  return sent[0]?.to
}

test("what a contact form sends is a ticket of whom its Reply-To names, who is answered, and staff see where it came from", async () => {
  const id = await customer("ada@example.org")
  const headers = { "Reply-To": "Ada <ADA@example.org>" }
  await mail.receive({ from: form, subject: "Contact", text: "My server is offline", headers })
  const ticket = await mail.ticket()
  expect(ticket).toMatchObject({ opener_email: "ada@example.org", opener_name: "Ada", customer_id: id })
  expect(await mail.messages()).toMatchObject([
    { author_kind: "opener", author_name: "Ada", content: "My server is offline" },
    { author_kind: "bot", content: expect.stringMatching(/came from no-reply@forms\.example.*nothing proves/) },
  ])
  expect(await mail.send()).toEqual([])
  expect(await recipientOfAnswer(ticket.id)).toEqual(["ada@example.org"])
  await mail.apply()
  const answered = mail.fakes.mailbox.mails.at(-1)?.messageId ?? ""
  mail.clock.now = later(5)
  await mail.receive({ from: "ada@example.org", text: "Thanks", headers: { "In-Reply-To": answered } })
  expect((await mail.ticket()).id).toBe(ticket.id)
  expect((await mail.messages()).at(-1)).toMatchObject({ content: "Thanks", author_kind: "opener" })
})

test("people who write through one form do not flood it; each may be blocked", async () => {
  for (let index = 0; index < 12; index++) {
    mail.clock.now = new Date(noon.getTime() + index * 1000)
    await mail.receive({ from: form, text: "Help", headers: { "Reply-To": `guest${index}@example.org` } })
  }
  expect(await mail.tickets()).toHaveLength(12)
  await db.execute(
    sql`insert into support_blocks (subject, reason, blocked_at, blocked_by) values ('eve@example.org', 'abuse', now(), 'staff:1')`,
  )
  await mail.receive({ from: form, text: "Help", headers: { "Reply-To": "eve@example.org" } })
  expect((await mail.kept()).filter(({ outcome }) => outcome === "blocked")).toHaveLength(1)
})

test("a form names nobody into a ticket that is there: a number in its subject counts for nothing", async () => {
  await mail.receive({ from: "ada@example.org", subject: "Help", text: "Hello" })
  const { number } = await mail.ticket()
  const headers = { "Reply-To": "ada@example.org" }
  await mail.receive({ from: form, subject: `Re: Help [#${number}]`, text: "Refund me", headers })
  expect(await mail.tickets()).toHaveLength(2)
})

test("somebody whose mail is proven theirs is answered where they ask to be", async () => {
  const id = await customer("ada@example.org")
  const from = "Ada <ada@example.org>"
  const headers = { "Reply-To": "Office <office@example.net>" }
  const first = await mail.receive({ from, subject: "Help", text: "Hello", headers })
  const ticket = await mail.ticket()
  expect(ticket).toMatchObject({ opener_email: "office@example.net", opener_name: "Office", customer_id: id })
  expect(await notes()).toEqual([{ content: expect.stringContaining("ada@example.org") }])
  expect(await recipientOfAnswer(ticket.id)).toEqual(["office@example.net"])
  await mail.receive({ from, text: "More", headers: { ...headers, References: first.messageId } })
  expect((await mail.ticket()).id).toBe(ticket.id)
  expect((await mail.messages()).filter(({ author_kind }) => author_kind === "opener")).toHaveLength(2)
})

test.each(["amazonses.com; spf=fail; dmarc=fail", "amazonses.com; spf=pass; dkim=none; dmarc=none"])(
  "somebody who may be another is answered at the address that they write from, and staff see what they ask: %s",
  async (results) => {
    await mail.receive({
      from: "ada@example.org",
      text: "Send me the invoices",
      headers: { "Reply-To": "mallory@example.net", "Authentication-Results": results },
    })
    const ticket = await mail.ticket()
    expect(ticket).toMatchObject({ opener_email: "ada@example.org" })
    expect(await notes()).toEqual([{ content: expect.stringMatching(/asks for answers at mallory@example\.net/) }])
  },
)

test.each([
  ["ourselves", "support@example.com"],
  ["the same address", "Ada <ada@example.org>"],
  ["a robot", "no-reply@example.org"],
  ["nobody", "undisclosed"],
])("a Reply-To that names %s changes nothing", async (_, replyTo) => {
  await mail.receive({ from: "ada@example.org", text: "Hello", headers: { "Reply-To": replyTo } })
  expect(await mail.ticket()).toMatchObject({ opener_email: "ada@example.org" })
  expect(await notes()).toEqual([])
  expect(await mail.send()).toHaveLength(1)
})

test("a form's mail that was kept apart opens a ticket of whom its Reply-To names, too, and is forgotten with them", async () => {
  const headers = { "Reply-To": "Ada <ada@example.org>", Precedence: "bulk" }
  const sent = await mail.receive({ from: form, text: "Hello", headers })
  const other = await mail.receive({ from: form, text: "Again", headers })
  const ctx = testContext({ db, now: mail.clock.now, actor: staff, vendors: {} })
  await openFromMail(ctx, { id: sent.id })
  expect(await mail.ticket()).toMatchObject({ opener_email: "ada@example.org", opener_name: "Ada" })
  expect(await notes()).toHaveLength(1)
  for (const statement of forgetMails(sql`array['ada@example.org']`, mail.clock.now.toISOString()))
    await db.execute(statement)
  expect((await mail.kept()).map(({ id }) => id)).not.toContain(other.id)
  const left = await db.execute(sql`select from received_mails where reply_to_email is not null`)
  expect(left.rowCount).toBe(0)
})

test.each([
  ["a contact form", form, "Ada <ada@example.org>"],
  ["somebody whom nothing proves", "Eve <eve@example.org>", "ada@example.org"],
])("whoever is erased is in no note, in a ticket of another, of what came from %s", async (_, from, replyTo) => {
  const headers = { "Reply-To": replyTo, "Authentication-Results": "amazonses.com; spf=fail; dmarc=fail" }
  await mail.receive({ from: "bob@example.org", subject: "Help", text: "Hello" })
  await mail.receive({ from: form, subject: "Other", text: "Of Zoe", headers: { "Reply-To": "zoe@example.org" } })
  mail.clock.now = later(1)
  await mail.receive({ from, subject: "Contact", text: "My server", headers })
  const [into, other, merged] = await mail.tickets()
  const ctx = testContext({ db, now: mail.clock.now, actor: staff, vendors: {} })
  for (const each of [other, merged]) await mergeTickets(ctx, { id: String(each?.id), into: into?.number ?? 0 })
  expect(await notes()).toHaveLength(2)
  await db.execute(sql`delete from tickets where opener_email = 'ada@example.org'`)
  for (const statement of forgetMails(sql`array['ada@example.org']`, mail.clock.now.toISOString()))
    await db.execute(statement)
  expect(await notes()).toEqual([{ content: expect.stringContaining("zoe@example.org") }])
})
