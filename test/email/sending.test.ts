import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { explainEmail } from "../../shared/email/explainEmail.ts"
import { createResend } from "../../shared/vendors/resend.ts"
import { startFakes } from "../fakes/server.ts"
import { outboxRows, putInOutbox } from "../support/outbox.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, noon, useSender } from "../support/useSender.ts"

const { db } = useDatabase()
const sender = useSender(db)

test("250 due mails go out in three requests, each mail once and with its own text and tag", async () => {
  const ids = await putInOutbox(
    db,
    noon,
    Array.from({ length: 250 }, () => ({})),
  )
  expect(await sender.send()).toMatchObject({ requests: 3, emails: 250 })
  expect(await sender.statusCounts()).toEqual({ sent: 250 })
  const tags = sender.fakes.mailbox.mails.map(({ tags: [tag] }) => tag?.value)
  expect(tags.sort()).toEqual([...ids].sort())
  expect(await sender.send()).toMatchObject({ requests: 0 })
})

test("two senders at once share the work and send nothing twice", async () => {
  await putInOutbox(
    db,
    noon,
    Array.from({ length: 600 }, () => ({})),
  )
  await Promise.all([sender.send(), sender.send(), sender.send()])
  expect(await sender.statusCounts()).toEqual({ sent: 600 })
  expect(sender.fakes.mailbox.accepted).toBe(600)
})

test("one bad address in a batch fails alone, with its reason", async () => {
  const [bad] = await putInOutbox(db, noon, [{ email: "no-domain@nowhere" }, {}, {}])
  await sender.send()
  const rows = await outboxRows(db)
  expect(rows.get(String(bad))).toMatchObject({
    status: "failed",
    reason: expect.stringContaining("Invalid `to` field"),
  })
  expect(await sender.statusCounts()).toEqual({ failed: 1, sent: 2 })
})

test("what a mail says is frozen with the first attempt: later changes of template or customer do not reach it", async () => {
  await putInOutbox(db, noon, [{}, {}])
  const killed = {
    send: async () => {
      throw new Error("killed")
    },
  }
  await expect(sender.send({ vendor: killed })).rejects.toThrow("killed")
  await db.execute(sql`update customers set name = 'Changed'`)
  await db.execute(sql`update template_versions set subject = 'Changed'`)
  await sender.send({ now: later(2) })
  expect(sender.fakes.mailbox.mails.map(({ subject }) => subject)).toEqual([
    "Welcome to Example Hosting",
    "Welcome to Example Hosting",
  ])
})

test("a rate limit is waited out within its own words", async () => {
  const slow = await startFakes({ resend: { apiKey: "re_test", requestsPerSecond: 2 } })
  await putInOutbox(
    db,
    noon,
    Array.from({ length: 350 }, () => ({})),
  )
  await sender.send({ vendor: createResend({ apiKey: "re_test", apiBase: `${slow.url}/resend` }) })
  expect(await sender.statusCounts()).toEqual({ sent: 350 })
  expect(slow.mailbox.accepted).toBe(350)
  await slow.close()
})

test.each([
  ["no address", { email: null }, "suppressed", "the customer has no e-mail address"],
  ["an address that is none", { email: "not an address" }, "failed", "the e-mail address is not one"],
  ["a deleted customer", { deleted: true }, "suppressed", "the customer is deleted"],
  ["a step that is too late", { staleAt: later(-1) }, "stale", "came due too long ago"],
  ["a template that is not there", { template: "gone" }, "failed", "the template does not exist"],
])("%s is a recorded refusal", async (_name, mail, status, reason) => {
  const [id] = await putInOutbox(db, noon, [mail])
  await sender.send()
  expect((await outboxRows(db)).get(String(id))).toMatchObject({ status, reason })
  expect(sender.fakes.mailbox.accepted).toBe(0)
})

test("a customer whose record has not been seen yet is waited for", async () => {
  const [id] = await putInOutbox(db, noon, [{ email: null, known: false }])
  await sender.send()
  expect((await outboxRows(db)).get(String(id))).toMatchObject({
    status: "due",
    reason: "the customer's record has not been seen",
  })
  await db.execute(sql`update customers set email = 'late@example.com', synced_at = ${noon.toISOString()}`)
  await sender.send({ now: later(11) })
  expect(sender.fakes.mailbox.mails.map(({ to }) => to)).toEqual([["late@example.com"]])
})

test("marketing waits for the end of the quiet hours on the customer's clock, transactional mail does not", async () => {
  const night = new Date("2026-11-20T22:30:00Z")
  await putInOutbox(db, night, [{ mailClass: "marketing", template: "win-back" }, {}])
  await sender.send({ now: night })
  expect(await sender.statusCounts()).toEqual({ due: 1, sent: 1 })
  const due = await db.execute<{ due_at: string }>(sql`select due_at from email_outbox where status = 'due'`)
  expect(new Date(String(due.rows[0]?.due_at)).toISOString()).toBe("2026-11-21T07:00:00.000Z")
})

test("marketing carries the one-click way out, transactional mail does not", async () => {
  await putInOutbox(db, noon, [{ mailClass: "marketing", template: "win-back" }, {}])
  await sender.send()
  const [marketing, transactional] = ["win-back", "welcome"].map((template) =>
    sender.fakes.mailbox.mails.find(({ tags }) => tags.some(({ value }) => value === template)),
  )
  const link = /^<(https:\/\/portal\.example\.com\/unsubscribe\/[\w.-]+)>$/.exec(
    marketing?.headers["List-Unsubscribe"] ?? "",
  )?.[1]
  expect(marketing?.headers["List-Unsubscribe-Post"]).toBe("List-Unsubscribe=One-Click")
  expect(marketing?.html).toContain(`href="${link}"`)
  expect(marketing?.text).toContain(link)
  expect(Object.keys(transactional?.headers ?? {})).toEqual(["X-Entity-Ref-ID"])
  expect(`${transactional?.html}${transactional?.text}`).not.toContain("/unsubscribe/")
})

test("an unsubscribed address gets no marketing; a bounced one gets nothing", async () => {
  await db.execute(
    sql`insert into suppressions values ('u@example.com', 'unsubscribe', false, now()), ('b@example.com', 'bounce', true, now())`,
  )
  await putInOutbox(db, noon, [
    { email: "U@example.com", mailClass: "marketing", template: "win-back" },
    { email: "u@example.com" },
    { email: "b@example.com" },
  ])
  await sender.send()
  expect(sender.fakes.mailbox.mails.map(({ to, subject }) => [to[0], subject])).toEqual([
    ["u@example.com", "Welcome to Example Hosting"],
  ])
  expect(await sender.statusCounts()).toEqual({ suppressed: 2, sent: 1 })
})

test("claiming from 60,000 due mails reads the index, not the table", async () => {
  await putInOutbox(db, noon, [{}])
  await db.execute(sql`
    insert into email_outbox (id, dedupe_key, customer_id, template_id, mail_class, due_at, stale_at, status, created_at)
    select gen_random_uuid(), g::text, (select id from customers limit 1), 'welcome', 'transactional', ${noon.toISOString()}, ${later(100).toISOString()}, 'due', ${noon.toISOString()}
    from generate_series(1, 60000) g`)
  await db.execute(sql`analyze email_outbox`)
  const plan = await db.execute<{ "QUERY PLAN": string }>(sql`
    explain select id from email_outbox where status = 'due' and due_at <= ${noon.toISOString()} and lease_until is null
    order by priority, due_at limit 100`)
  expect(plan.rows.map((row) => row["QUERY PLAN"]).join("\n")).toContain("email_outbox_due")
})

test("a customer's cap holds when several senders look at it at once", async () => {
  const ids = await putInOutbox(
    db,
    noon,
    Array.from({ length: 24 }, () => ({ mailClass: "marketing" as const, template: "win-back" })),
  )
  await db.execute(sql`update email_outbox set customer_id = (select customer_id from email_outbox limit 1)`)
  await Promise.all([0, 1, 2, 3].map((part) => sender.send({ ids: ids.filter((_, index) => index % 4 === part) })))
  for (const minutes of [2, 4]) await sender.send({ now: later(minutes) })
  expect(sender.fakes.mailbox.accepted).toBe(4)
  expect(await sender.statusCounts()).toEqual({ sent: 4, suppressed: 20 })
})

test("mails that are not sent after all take no room in a customer's cap", async () => {
  const stale = Array.from({ length: 6 }, () => ({
    mailClass: "marketing" as const,
    template: "win-back",
    staleAt: later(-1),
  }))
  const ids = await putInOutbox(db, noon, [...stale, { mailClass: "marketing", template: "win-back" }])
  await db.execute(sql`update email_outbox set customer_id = (select customer_id from email_outbox limit 1)`)
  await sender.send()
  expect(sender.acceptedIds()).toEqual([ids.at(-1)])
  expect(await sender.statusCounts()).toEqual({ stale: 6, sent: 1 })
})

test("ids that are not due, not there, or sent already change nothing", async () => {
  const [due, early] = await putInOutbox(db, noon, [{}, { dueAt: later(60) }])
  const ids = [String(due), String(due), String(early), "00000000-0000-4000-8000-000000000000"]
  await sender.send({ ids })
  await sender.send({ ids })
  expect(sender.acceptedIds()).toEqual([due])
  expect(await sender.statusCounts()).toEqual({ sent: 1, due: 1 })
})

test("the most urgent goes first, and what is left over waits for the next call", async () => {
  const ids = await putInOutbox(
    db,
    noon,
    Array.from({ length: 150 }, () => ({})),
  )
  const urgent = String(ids[120])
  await db.execute(sql`update email_outbox set priority = 1 where id = ${urgent}`)
  expect(await sender.send({ maxRequests: 1 })).toMatchObject({ requests: 1, emails: 100 })
  expect(sender.acceptedIds()[0]).toBe(urgent)
  expect(await sender.statusCounts()).toEqual({ sent: 100, due: 50 })
})

test("whatever a customer is called, the mail stays one mail to one address, and reads as text", async () => {
  const names = [
    "<script>alert(1)</script>",
    "{{ brand.postalAddress }}{% for i in (1..9) %}",
    'Ada"\r\nBcc: everybody@example.com\r\n\r\n<h1>',
    "Win now at https://evil.example.com/x",
    "ي".repeat(4000),
  ]
  await putInOutbox(
    db,
    noon,
    names.map(() => ({})),
  )
  for (const [index, name] of names.entries())
    await db.execute(sql`update customers set name = ${name} where email = ${`c${index}@example.com`}`)
  await sender.send()
  const { mails } = sender.fakes.mailbox
  expect(mails).toHaveLength(names.length)
  for (const { to, subject, html, text, headers } of mails) {
    expect(to).toEqual([expect.stringMatching(/^c\d@example\.com$/)])
    expect(`${subject}${Object.values(headers).join("")}`).not.toMatch(/[\r\n]/)
    expect(html).not.toMatch(/<script|<h1>/)
    expect(html).not.toContain("evil.example.com")
    expect(text).not.toMatch(/^Bcc:/m)
    expect(text.length).toBeLessThan(3000)
  }
  expect(mails.some(({ text }) => text.includes("{{ brand.postalAddress }}"))).toBe(true)
})

test("an exit condition that has come to hold since the step was planned ends the enrolment; another one ends with its last step", async () => {
  const [left, stays] = await putInOutbox(db, noon, [{ email: "left@example.com" }, { email: "stays@example.com" }])
  await db.execute(sql`insert into sequences (id, name, mail_class, steps, exits, enabled, updated_at) values
    ('s', 'S', 'transactional', '[]', '[{"when": {"field": "customer.stage", "op": "eq", "value": "churned"}, "reason": "has left"}]', true, now())`)
  await db.execute(sql`
    insert into enrolments (id, sequence_id, customer_id, subject_id, rule_id, rule_version, change_key, change_data, started_at, status)
    select id, 's', customer_id, id::text, 'r', 1, id::text, '{}', ${noon.toISOString()}, 'active' from email_outbox`)
  await db.execute(sql`update email_outbox set enrolment_id = id, step = 0`)
  await db.execute(sql`update customers set stage = 'churned' where email = 'left@example.com'`)
  await sender.send()
  const rows = await outboxRows(db)
  expect(rows.get(String(left))).toMatchObject({ status: "cancelled", reason: "has left" })
  expect(rows.get(String(stays))).toMatchObject({ status: "sent" })
  const ended = await db.execute(sql`select id, status, exit_reason from enrolments order by status`)
  expect(ended.rows).toEqual([
    { id: stays, status: "completed", exit_reason: null },
    { id: left, status: "exited", exit_reason: "has left" },
  ])
})

test("a mail says why it exists and what became of it", async () => {
  const [id] = await putInOutbox(db, noon, [{}])
  await db.execute(sql`
    insert into stripe_events (id, type, livemode, created_at, received_at, payload, next_attempt_at)
    values ('evt_1', 'customer.created', false, now(), now(), '{}', now())`)
  await db.execute(sql`
    insert into enrolments (id, sequence_id, customer_id, subject_id, rule_id, rule_version, change_key, event_id, change_data, started_at, status)
    select id, 'refund', customer_id, 're_1', 'some-rule', 3, 'refund.succeeded:re_1', 'evt_1', '{}', ${noon.toISOString()}, 'active' from email_outbox`)
  await db.execute(sql`update email_outbox set enrolment_id = id, step = 0`)
  await db.execute(sql`insert into sequences (id, name, mail_class, steps, exits, enabled, updated_at)
    values ('refund', 'Refund', 'transactional', '[]', '[]', true, now()) on conflict do nothing`)
  await sender.send()
  const context = testContext({ db, now: noon, vendors: {} })
  expect(await explainEmail(context, String(id))).toMatchObject({
    mail: { status: "sent", templateId: "welcome", templateVersion: 1, step: 0 },
    request: { id, status: "done" },
    told: [{ kind: "email.sent", occurredAt: noon }],
    because: {
      rule: { id: "some-rule", version: 3 },
      change: { key: "refund.succeeded:re_1" },
      event: { id: "evt_1", type: "customer.created" },
    },
  })
  await expect(explainEmail(context, "nonsense")).rejects.toThrow(/not the id of a mail/)
  await expect(explainEmail(context, "00000000-0000-4000-8000-000000000000")).rejects.toThrow(/no mail/)
})
