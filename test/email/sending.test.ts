import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { createResend } from "../../shared/vendors/resend.ts"
import { startFakes } from "../fakes/server.ts"
import { outboxRows, putInOutbox } from "../support/outbox.ts"
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
