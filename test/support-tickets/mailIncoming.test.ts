import { sql } from "drizzle-orm"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { selectDueResendEventIds } from "../../shared/email/selectDueResendEventIds.ts"
import { AppError } from "../../shared/errors.ts"
import { selectDueFiles } from "../../shared/support/capture/selectDueFiles.ts"
import { retryFiles } from "../../shared/support/ticketDetail/retryFiles.ts"
import { createResendReceiving } from "../../shared/vendors/resendReceiving.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, noon, useMail } from "./useMail.ts"

const { db } = useDatabase()
const mail = useMail(db)
const ada = "Ada <ada@example.org>"

async function customer(email: string): Promise<string> {
  const id = crypto.randomUUID()
  await db.execute(sql`insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (${id}, ${`cus_${id}`}, ${email}, 'Ada', now(), now(), '', '')`)
  return id
}

describe("a mail to the support address", () => {
  test("opens a ticket of its sender, in the category that its words tell, and is acknowledged once", async () => {
    const id = await customer("Ada@Example.org")
    await mail.receive({ from: ada, subject: "Fwd: My server is offline", text: "Since noon.\n\n> old text" })
    expect(await mail.ticket()).toMatchObject({
      status: "open",
      subject: "My server is offline",
      description: "Since noon.",
      category_id: "technical",
      suggested_priority: "high",
      opener_email: "ada@example.org",
      opener_name: "Ada",
      last_from: "opener",
      customer_id: id,
    })
    const [said, acknowledged] = await mail.messages()
    expect(said).toMatchObject({ author_kind: "opener", content: "Since noon.\n\n> old text" })
    expect(acknowledged).toMatchObject({ author_kind: "bot", delivery: "queued" })
    const [sent, ...others] = await mail.send()
    const { number } = await mail.ticket()
    expect(others).toEqual([])
    expect(sent).toMatchObject({ to: ["ada@example.org"], subject: `Re: My server is offline [#${number}]` })
    expect(sent?.text).toContain(`ticket #${number}`)
    expect(sent?.text).not.toContain("Nobody is here")
    expect(sent?.headers).toMatchObject({ "Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All" })
    const told = await db.execute(
      sql`select kind, data ->> 'subject' as subject from timeline_entries where customer_id = ${id}`,
    )
    expect(told.rows).toEqual([{ kind: "ticket.opened", subject: "My server is offline" }])
    const statuses = (await mail.events()).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual(["applied", "received", "received"])
  })

  test("out of hours is told when somebody is back", async () => {
    mail.clock.now = new Date("2026-11-21T12:00:00Z")
    await mail.receive({ from: ada, subject: "Hello", text: "Hello" })
    const [sent] = await mail.send()
    expect(sent?.text).toContain("We are back on Monday 23 November at 09:00 (Europe/Berlin)")
  })

  test("is applied once, however often its webhook comes, under whatever id", async () => {
    const { id } = await mail.write({ from: ada, subject: "Hello", text: "Hello" })
    mail.fakes.mailbox.inbox.announce(id)
    await mail.fakes.settled()
    const { ids } = await mail.apply()
    expect(ids).toHaveLength(2)
    await db.execute(sql`update resend_events set status = 'received', next_attempt_at = now() - interval '1 day'`)
    await mail.apply(mail.context(), ids)
    expect(await mail.messages()).toHaveLength(2)
    await mail.ticket()
    expect((await mail.kept()).map(({ outcome }) => outcome)).toEqual(["opened"])
  })

  test("that two mail servers handed over is one", async () => {
    await mail.receive({ from: ada, text: "Hello", messageId: "<one@example.org>" })
    await mail.receive({ from: ada, text: "Hello", messageId: "<one@example.org>" })
    await mail.ticket()
    expect((await mail.kept()).map(({ outcome }) => outcome).toSorted()).toEqual(["duplicate", "opened"])
  })

  test("without a text, without a subject, with many recipients and an odd sender still opens one", async () => {
    await mail.receive({
      from: '"support@example.com \u202Egnp" <EVE@example.org>, second@example.org',
      to: [...Array.from({ length: 60 }, (_, index) => `a${index}@example.net`), "Support <support@example.com>"],
      text: "\0 \uD800",
    })
    expect(await mail.ticket()).toMatchObject({ opener_email: "eve@example.org", opener_name: "eve@example.org" })
    await mail.receive({ from: "Bob <bob@example.org>", text: "" })
    expect((await mail.tickets())[1]).toMatchObject({ subject: "(The mail has no text.)", opener_name: "Bob" })
  })

  test("of HTML only is kept as text, a huge one up to a bound", async () => {
    await mail.receive({
      from: ada,
      subject: "Page",
      text: null,
      html: "<p>It is <b>down</b></p><script>alert(1)</script>",
    })
    mail.clock.now = later(1)
    await mail.receive({ from: "bob@example.org", subject: "Long", text: "word ".repeat(100_000) })
    const contents = (await mail.messages())
      .filter(({ author_kind }) => author_kind === "opener")
      .map(({ content }) => content)
    expect(contents[0]).toBe("It is down")
    expect(contents[1]?.length).toBeLessThan(61_000)
    expect(contents[1]).toMatch(/it was cut here\.\)$/)
  })

  test("shows what is known about its sender, and gets no acknowledgement where that is doubtful", async () => {
    await mail.receive({
      from: ada,
      text: "Hello",
      headers: {
        "Authentication-Results": "amazonses.com; spf=softfail; dkim=none; dmarc=fail header.from=example.org",
      },
    })
    const [kept] = await mail.kept()
    expect(kept?.authentication).toEqual({ spf: "softfail", dkim: "none", dmarc: "fail" })
    expect(await mail.messages()).toHaveLength(1)
  })

  test("to none of our domains opens nothing, and staff are told", async () => {
    await mail.receive({ from: ada, to: "sales@elsewhere.example", text: "Hello" })
    expect(await mail.tickets()).toEqual([])
    expect(await mail.kept()).toMatchObject([{ outcome: "elsewhere", content: "Hello" }])
    const notices = await db.execute<{ message: string }>(sql`select message from staff_notifications`)
    expect(notices.rows[0]?.message).toContain("sales@elsewhere.example")
  })
})

describe("an answer", () => {
  async function conversation() {
    const first = await mail.receive({ from: ada, subject: "Help", text: "Hello" })
    const [acknowledged] = await mail.send()
    await mail.apply()
    if (!acknowledged) throw new Error("no acknowledgement")
    return { first, acknowledged, ticket: await mail.ticket() }
  }

  test.each<[string, (sent: { messageId: string; headers: Record<string, string> }) => Record<string, string>]>([
    ["that names the Message-ID that it travelled under", ({ messageId }) => ({ "In-Reply-To": messageId })],
    [
      "that names it without its domain",
      ({ messageId }) => ({ References: messageId.replace("@eu-west-1.amazonses.com", "@email.amazonses.com") }),
    ],
    ["that keeps our own Message-ID in its references", ({ headers }) => ({ References: headers.References ?? "" })],
  ])("%s continues the ticket", async (_, headersOf) => {
    const { acknowledged, ticket } = await conversation()
    mail.clock.now = later(30)
    await mail.receive({
      from: "other@example.org",
      subject: "Anything",
      text: "More",
      headers: headersOf(acknowledged),
    })
    expect((await mail.ticket()).id).toBe(ticket.id)
    expect((await mail.messages()).at(-1)).toMatchObject({ content: "More", author_kind: "other" })
  })

  test("with the number in subject or recipient counts for who opened the ticket, and for nobody else", async () => {
    const { ticket } = await conversation()
    const subject = `Re: Help [#${ticket.number}]`
    await mail.receive({ from: "ADA@example.org", subject, text: "By subject" })
    await mail.receive({ from: ada, to: `support+${ticket.number}@example.com`, text: "By recipient" })
    expect((await mail.messages()).filter(({ ticket_id }) => ticket_id === ticket.id)).toHaveLength(4)
    await mail.receive({ from: "mallory@example.org", subject, text: "Let me in" })
    await mail.receive({ from: "mallory@example.org", to: `support+${ticket.number}@example.com`, text: "Let me in" })
    const tickets = await mail.tickets()
    expect(tickets).toHaveLength(3)
    expect((await mail.messages()).filter(({ ticket_id }) => ticket_id === ticket.id)).toHaveLength(4)
  })

  test("to a mail of somebody else counts for who was written to as well, and for no stranger", async () => {
    const first = await mail.receive({ from: ada, cc: ["bob@example.org"], subject: "Help", text: "Hello" })
    await mail.receive({ from: "bob@example.org", text: "Me too", headers: { "In-Reply-To": first.messageId } })
    await mail.ticket()
    await mail.receive({ from: "mallory@example.org", text: "Me three", headers: { "In-Reply-To": first.messageId } })
    expect(await mail.tickets()).toHaveLength(2)
  })

  test("that arrives before what it answers is in one ticket with it", async () => {
    const late = "<late@example.org>"
    await mail.receive({ from: ada, subject: "Re: Help", text: "And more", headers: { References: late } })
    await mail.receive({ from: ada, subject: "Help", text: "Hello", messageId: late })
    const { id } = await mail.ticket()
    expect((await mail.messages()).filter(({ author_kind }) => author_kind === "opener")).toHaveLength(2)
    expect((await mail.messages()).every(({ ticket_id }) => ticket_id === id)).toBe(true)
    expect((await mail.messages()).filter(({ author_kind }) => author_kind === "bot")).toHaveLength(1)
  })

  test("under the Message-ID of another message stands beside it", async () => {
    const { first, ticket } = await conversation()
    await mail.receive({
      from: "bob@example.org",
      text: "In its place",
      messageId: first.messageId,
      headers: { References: mail.fakes.mailbox.mails[0]?.messageId ?? "" },
    })
    expect((await mail.ticket()).id).toBe(ticket.id)
    expect((await mail.messages()).filter(({ content }) => ["Hello", "In its place"].includes(content))).toHaveLength(2)
  })

  test("means that nobody needs to be reminded", async () => {
    const { ticket, acknowledged } = await conversation()
    await db.execute(
      sql`update tickets set nudged_at = now(), warned_at = now(), close_asked_at = now(), last_from = 'staff'`,
    )
    mail.clock.now = later(10)
    await mail.receive({ from: ada, text: "Here", headers: { "In-Reply-To": acknowledged.messageId } })
    const [row] = (
      await db.execute(
        sql`select nudged_at, warned_at, close_asked_at, last_from, last_message_at::text as at from tickets where id = ${ticket.id}`,
      )
    ).rows
    expect(row).toMatchObject({ nudged_at: null, warned_at: null, close_asked_at: null, last_from: "opener" })
    expect(new Date(String(row?.at))).toEqual(later(10))
  })

  test("to a ticket closed lately opens it again, later a new one that names the old", async () => {
    const { ticket, acknowledged } = await conversation()
    const close = () =>
      db.execute(
        sql`update tickets set status = 'closed', closed_at = ${mail.clock.now.toISOString()}, close_reason = 'done' where id = ${ticket.id}`,
      )
    await close()
    mail.clock.now = later(13 * 1440)
    await mail.receive({ from: ada, text: "Again", headers: { "In-Reply-To": acknowledged.messageId } })
    expect(await mail.ticket()).toMatchObject({ status: "open", closed_at: null })
    await close()
    mail.clock.now = later(28 * 1440)
    await mail.receive({
      from: ada,
      subject: "Re: Help",
      text: "And again",
      headers: { "In-Reply-To": acknowledged.messageId },
    })
    const [old, fresh] = await mail.tickets()
    expect(old).toMatchObject({ status: "closed" })
    expect(fresh).toMatchObject({ status: "open", answers: [{ answer: `#${ticket.number}` }] })
    const events = await db.execute(sql`select kind, actor, actor_label, data from ticket_events order by at`)
    expect(events.rows).toMatchObject([
      { kind: "opened", actor: "resend", actor_label: "Ada" },
      { kind: "reopened", actor: "resend", actor_label: "Ada" },
      { kind: "opened", data: { follows: ticket.number } },
    ])
  })
})

describe("a mail that nobody wrote", () => {
  const automatic: [string, Record<string, string>, string?][] = [
    ["an auto-reply", { "Auto-Submitted": "auto-replied" }],
    ["bulk mail", { Precedence: "bulk\0\uD800" }],
    ["an absence note of Outlook", { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" }],
    ["a bounce", { "Return-Path": "<>" }],
    ["a mailing list", { "List-Id": "<news.example.org>" }],
    ["a mail server", {}, "MAILER-DAEMON@example.org"],
    ["ourselves", {}, "Support <support@example.com>"],
    ["ourselves under a tag", {}, "support+12@example.com"],
  ]
  test.each(automatic)("of %s opens nothing", async (_, headers, from = ada) => {
    await mail.receive({ from, subject: "Re: Help", text: "I am away", headers })
    expect(await mail.tickets()).toEqual([])
    expect(await mail.kept()).toMatchObject([{ outcome: "automatic", content: "I am away" }])
    expect(await mail.send()).toEqual([])
  })

  test.each(automatic)(
    "of %s is kept in its ticket, without an answer and without an effect",
    async (_, headers, from = ada) => {
      await mail.receive({ from: ada, subject: "Help", text: "Hello" })
      await mail.send()
      await mail.apply()
      const { id } = await mail.ticket()
      await db.execute(
        sql`update tickets set last_from = 'staff', nudged_at = now(), status = 'closed', closed_at = now()`,
      )
      const messageId = mail.fakes.mailbox.mails[0]?.messageId ?? ""
      mail.clock.now = later(1)
      await mail.receive({
        from,
        subject: "Away",
        text: "I am away",
        headers: { ...headers, "In-Reply-To": messageId },
      })
      expect((await mail.messages()).at(-1)).toMatchObject({ ticket_id: id, content: "I am away", author_kind: "bot" })
      expect(await mail.ticket()).toMatchObject({ last_from: "staff", status: "closed", nudged_at: expect.any(String) })
      expect(await mail.send()).toEqual([])
    },
  )

  test.each<Record<string, string>>([
    { "Auto-Submitted": "no" },
    { "X-Auto-Response-Suppress": "None" },
    { "Return-Path": "<ada@example.org>" },
  ])("is not told by %o", async (headers) => {
    await mail.receive({ from: ada, text: "Hello", headers })
    await mail.ticket()
  })

  test.each<[string, string, Record<string, string>]>([
    [ada, "Mail delivery failed since I moved my domain to you", {}],
    [ada, "Undelivered: my new server does not get any mail", {}],
    [ada, "Returned mail: what do I do?", {}],
    [ada, "Automatic reply does not work on my mailbox", {}],
    [ada, "Hello", { "X-Auto-Response-Suppress": "OOF" }],
    [ada, "Hello", { "X-Auto-Response-Suppress": "All" }],
  ])("is not told by the subject alone, nor by asking for no answer: %s, %s, %o", async (from, subject, headers) => {
    await mail.receive({ from, subject, text: "Please help", headers })
    expect(await mail.ticket()).toMatchObject({ status: "open", subject })
    expect(await mail.send()).toEqual([])
  })

  test("is not told by a name that begins as a robot's", async () => {
    await mail.receive({ from: "bounce.house@gmail.test", subject: "Hello", text: "Please help" })
    await mail.ticket()
    expect(await mail.send()).toHaveLength(1)
  })

  test.each<[string, Record<string, string>]>([
    ["no-reply@forms.example", {}],
    ["bounce-house@gmail.test", {}],
    [ada, { "List-Unsubscribe": "<https://crm.example/u>" }],
  ])("as far as its sender looks like it, opens nothing, and staff are told once: %s %o", async (from, headers) => {
    await mail.receive({ from, subject: "Hello\u202E", text: "Please help", headers })
    await mail.receive({ from, subject: "Again", text: "Please help", headers })
    expect(await mail.tickets()).toEqual([])
    const notices = await db.execute<{ message: string }>(sql`select message from staff_notifications`)
    expect(notices.rows).toEqual([{ message: expect.stringMatching(/seems to be automatic.*under Other mail/) }])
  })

  test("as far as its subject tells, is an answer while its ticket is open, and opens no closed one; staff are told", async () => {
    await mail.receive({ from: ada, subject: "Help", text: "Hello" })
    await mail.send()
    await mail.apply()
    const headers = { "In-Reply-To": mail.fakes.mailbox.mails[0]?.messageId ?? "" }
    await db.execute(sql`update tickets set last_from = 'staff'`)
    await mail.receive({ from: ada, subject: "Undelivered: still", text: "Still not", headers })
    expect(await mail.ticket()).toMatchObject({ last_from: "opener" })
    await db.execute(sql`update tickets set last_from = 'staff', status = 'closed', closed_at = now()`)
    await mail.receive({ from: ada, subject: "Automatic reply: Re: Help", text: "Away", headers })
    expect(await mail.ticket()).toMatchObject({ status: "closed", last_from: "staff" })
    const { number } = await mail.ticket()
    const notices = await db.execute<{ message: string }>(sql`select message from staff_notifications`)
    expect(notices.rows).toEqual([{ message: expect.stringContaining(`kept in ticket #${number}`) }])
  })

  test("of a program that answers every mail ends the conversation by itself", async () => {
    let turns = 0
    await mail.receive({ from: ada, subject: "Hi", text: "Robot" })
    for (; turns < 50; turns++) {
      mail.clock.now = later(turns + 1)
      const sent = await mail.send()
      if (sent.length === 0) break
      for (const each of sent)
        await mail.receive({ from: ada, subject: `Ticket ${crypto.randomUUID()}`, text: `You said: ${each.text}` })
    }
    expect(turns).toBeLessThan(5)
    expect(mail.fakes.mailbox.mails.length).toBeLessThanOrEqual(3)
  })

  test("in a flood is kept, opens no more, and staff are told once", async () => {
    for (let index = 0; index < 14; index++) {
      mail.clock.now = new Date(noon.getTime() + index * 1000)
      await mail.receive({ from: ada, subject: `Hi ${index}`, text: "Hello" })
    }
    expect(await mail.tickets()).toHaveLength(10)
    expect((await mail.kept()).filter(({ outcome }) => outcome === "flooding")).toHaveLength(4)
    expect((await db.execute(sql`select from staff_notifications`)).rowCount).toBe(1)
    mail.clock.now = later(60)
    await mail.receive({ from: ada, subject: "Calm", text: "Hello" })
    expect(await mail.tickets()).toHaveLength(11)
  })
})

test("however many mails come to an open ticket, each is an answer; to a closed one staff are told", async () => {
  const first = await mail.receive({ from: ada, subject: "Help", text: "Hello" })
  await db.execute(sql`update tickets set last_from = 'staff'`)
  const write = (text: string) => mail.receive({ from: ada, text, headers: { References: first.messageId } })
  for (let index = 0; index < 12; index++) {
    mail.clock.now = new Date(noon.getTime() + (index + 1) * 1000)
    await write(`More ${index}`)
    await db.execute(sql`update tickets set last_from = 'staff' where ${index} < 11`)
  }
  expect(await mail.ticket()).toMatchObject({ last_from: "opener" })
  await db.execute(sql`update tickets set status = 'closed', closed_at = now()`)
  mail.clock.now = later(1)
  await write("And more")
  expect(await mail.ticket()).toMatchObject({ status: "closed" })
  expect((await mail.messages()).at(-1)).toMatchObject({ content: "And more" })
  const notices = await db.execute<{ message: string }>(sql`select message from staff_notifications`)
  expect(notices.rows).toEqual([{ message: expect.stringMatching(/more mails than a person.*kept in ticket #/) }])
})

test("a blocked sender opens nothing and hears nothing; the mail is kept", async () => {
  await db.execute(
    sql`insert into support_blocks (subject, reason, blocked_at, blocked_by) values ('ada@example.org', 'abuse', now(), 'staff:1')`,
  )
  await mail.receive({ from: "ADA+new@example.org", subject: "Hi", text: "Hello" })
  expect(await mail.tickets()).toEqual([])
  expect(await mail.kept()).toMatchObject([{ outcome: "blocked", content: "Hello" }])
  await db.execute(sql`update support_blocks set until = now() - interval '10 years'`)
  await mail.receive({ from: ada, subject: "Hi", text: "Hello" })
  await mail.ticket()
})

describe("files", () => {
  test("are copied under keys of their own, whatever they are called", async () => {
    await mail.receive({
      from: ada,
      text: "See",
      files: [
        { filename: "../../etc/passwd\u0000.png", contentType: "image/png", content: "one" },
        { filename: null, content: "two" },
      ],
    })
    const found = await db.execute<{ name: string; key: string; status: string; size: string }>(
      sql`select name, key, status, size, error from ticket_attachments order by size, name`,
    )
    expect(found.rows.map(({ status, size }) => [status, Number(size)])).toEqual([
      ["stored", 3],
      ["stored", 3],
    ])
    const texts = [...mail.files.files.values()].map((bytes) => new TextDecoder().decode(bytes))
    expect(texts.toSorted()).toEqual(["one", "two"])
    for (const { key } of found.rows) expect(key).toMatch(/^tickets\/[0-9a-f-]{36}\/[0-9a-f-]{36}$/)
  })

  test("that cannot be had now are fetched again, and the mail is not doubled", async () => {
    const { vendors } = mail.context()
    const receiving = {
      ...vendors.receiving,
      attachment: async () => {
        throw new Error("broken off")
      },
    }
    await mail.write({ from: ada, text: "See", files: [{ filename: "a.txt", content: "one" }] })
    const { ids, failed } = await mail.apply(mail.context({ receiving }))
    expect(failed).toBe(1)
    expect(await mail.events()).toMatchObject([{ status: "retrying", reason: "broken off" }])
    mail.clock.now = later(5)
    await mail.apply(mail.context(), ids)
    expect(mail.files.files.size).toBe(1)
    expect(await mail.messages()).toHaveLength(2)
    expect(await mail.events()).toMatchObject([{ status: "applied", reason: null }])
  })

  test("that failed for good are copied when staff have it tried again", async () => {
    const { vendors } = mail.context()
    const receiving = {
      ...vendors.receiving,
      attachment: async () => {
        throw new AppError("vendor_rejected", "400")
      },
    }
    await mail.write({ from: ada, text: "See", files: [{ filename: "a.txt", content: "one" }] })
    const { ids } = await mail.apply(mail.context({ receiving }))
    const states = async () => (await db.execute(sql`select status, error from ticket_attachments`)).rows
    expect(await states()).toEqual([{ status: "failed", error: "400" }])
    const { id } = await mail.ticket()
    expect(await retryFiles(mail.context(), { id })).toBe(1)
    mail.clock.now = later(2)
    expect(await selectDueFiles(mail.context(), 10)).toEqual([])
    expect(await selectDueResendEventIds(mail.context(), 10)).toEqual(ids)
    await mail.apply(mail.context(), ids)
    expect(await states()).toEqual([{ status: "stored", error: null }])
    expect(await mail.messages()).toHaveLength(2)
  })

  test("of more than 25 MB stay where they are, and are said to be too large", async () => {
    await mail.receive({
      from: ada,
      text: "See",
      files: [{ filename: "a.bin", content: new Uint8Array(25 * 1024 * 1024 + 1) }],
    })
    const found = await db.execute(sql`select status from ticket_attachments`)
    expect(found.rows).toEqual([{ status: "too_large" }])
    expect((await mail.events())[0]).toMatchObject({ status: "applied" })
  })
})

test("while Resend does not answer, mails wait; what it does not have in the end is set aside with the reason", async () => {
  const { id } = await mail.write({ from: ada, text: "Hello" })
  await mail.write({ from: "bob@example.org", text: "Hello" })
  mail.fakes.faults.resend.set({ serverError: { count: 1 } })
  const { ids } = await mail.apply()
  expect(await mail.tickets()).toEqual([])
  const { inbox } = mail.fakes.mailbox
  inbox.mails.splice(
    inbox.mails.findIndex((each) => each.id === id),
    1,
  )
  for (let hours = 1; hours < 40; hours += 3) {
    mail.clock.now = later(hours * 60)
    await mail.apply(mail.context(), ids)
  }
  expect(await mail.ticket()).toMatchObject({ opener_email: "bob@example.org" })
  expect((await mail.events()).map(({ status }) => status).toSorted()).toContain("failed")
  expect((await mail.events()).find(({ status }) => status === "failed")?.reason).toContain("does not have the mail")
})

test("an event that names no mail is set aside, and holds nobody back", async () => {
  await db.execute(sql`
    insert into resend_events (svix_id, type, created_at, received_at, payload, next_attempt_at)
    values ('odd', 'email.received', '2020-01-01', '2020-01-01', '{"data":{}}', '2020-01-01')`)
  await mail.write({ from: ada, text: "Hello" })
  const found = await db.execute<{ svix_id: string }>(sql`select svix_id from resend_events`)
  await mail.apply(
    mail.context(),
    found.rows.map(({ svix_id }) => svix_id),
  )
  await mail.ticket()
  expect((await mail.events())[0]).toEqual({ status: "failed", reason: "The event names no mail." })
})

test("a key that may only send is said to be one", async () => {
  await mail.write({ from: ada, text: "Hello" })
  const receiving = createResendReceiving({ apiKey: "re_other", apiBase: `${mail.fakes.url}/resend` })
  await mail.apply(mail.context({ receiving }))
  const [event] = await mail.events()
  expect(event).toMatchObject({ status: "retrying", reason: expect.stringContaining("needs full access") })
})

test("mails of one conversation are one ticket in whatever order they arrive, some of them twice", async () => {
  const ids = ["<1@example.org>", "<2@example.org>", "<3@example.org>", "<4@example.org>"]
  const orders = fc.shuffledSubarray([0, 1, 2, 3, 0, 2], { minLength: 6 })
  let turn = 0
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      const from = `ada${turn++}@example.org`
      for (const index of order)
        await mail.receive({
          from,
          text: `Mail ${index}`,
          messageId: ids[index] ?? "",
          headers:
            index === 0 ? {} : { References: ids.slice(0, index).join(" "), "In-Reply-To": ids[index - 1] ?? "" },
        })
      const found = await db.execute<{ ticket_id: string; content: string }>(
        sql`select ticket_id, content from ticket_messages where author_id = ${from} order by content`,
      )
      expect(found.rows.map(({ content }) => content)).toEqual(["Mail 0", "Mail 1", "Mail 2", "Mail 3"])
      expect(new Set(found.rows.map(({ ticket_id }) => ticket_id)).size).toBe(1)
    }),
    { numRuns: 12 },
  )
})

test("mails of one conversation that ten consumers apply at once are one ticket, each of them once", async () => {
  const first = await mail.write({ from: ada, subject: "Help", text: "Hello", messageId: "<first@example.org>" })
  for (let index = 0; index < 8; index++)
    await mail.write({
      from: ada,
      subject: "Re: Help",
      text: `More ${index}`,
      headers: { References: first.messageId },
    })
  const found = await db.execute<{ svix_id: string }>(sql`select svix_id from resend_events`)
  const ids = found.rows.map(({ svix_id }) => svix_id)
  await Promise.all(Array.from({ length: 10 }, () => mail.apply(mail.context(), ids)))
  mail.clock.now = later(20)
  await mail.apply(mail.context(), ids)
  await mail.ticket()
  expect((await mail.messages()).filter(({ author_kind }) => author_kind === "opener")).toHaveLength(9)
  expect((await mail.messages()).filter(({ author_kind }) => author_kind === "bot")).toHaveLength(1)
})
