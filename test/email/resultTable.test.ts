import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { retryEmails } from "../../shared/email/retryEmails.ts"
import { selectDueEmailIds } from "../../shared/email/selectDueEmailIds.ts"
import type { SendResult } from "../../shared/vendors/resend.ts"
import { outboxRows, putInOutbox } from "../support/outbox.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { accepted, answering, later, noon, useSender } from "../support/useSender.ts"

const { db } = useDatabase()
const sender = useSender(db)
const putTwo = () => putInOutbox(db, noon, [{ email: "a@example.com" }, { email: "b@example.com" }])
const notes = async () =>
  (await db.execute<{ message: string }>(sql`select message from staff_notifications`)).rows.map(
    ({ message }) => message,
  )
const retry = (change: object = {}): SendResult => ({
  kind: "retry",
  reason: "500",
  afterSeconds: 30,
  maybeAccepted: true,
  ...change,
})
const quota: SendResult = { kind: "paused", reason: "429 daily_quota_exceeded", afterSeconds: 3600 }

test("accepted: every mail is sent under its id of Resend, and told on the timeline", async () => {
  const ids = await putTwo()
  await sender.send({ vendor: answering(accepted(2)) })
  const rows = await outboxRows(db)
  expect(ids.map((id) => rows.get(id)?.status)).toEqual(["sent", "sent"])
  expect(ids.map((id) => rows.get(id)?.resend_id).sort()).toEqual(["re_0", "re_1"])
  expect((await db.execute(sql`select key from timeline_entries where kind = 'email.sent'`)).rowCount).toBe(2)
  expect(await sender.openRequests()).toBe(0)
})

test("no answer: the same mails in the same order under the same key, also when one was cancelled or suppressed meanwhile", async () => {
  const [first] = await putTwo()
  const vendor = answering(retry())
  await sender.send({ vendor })
  await db.execute(sql`update email_outbox set status = 'cancelled' where id = ${first}`)
  await db.execute(sql`insert into suppressions values ('b@example.com', 'bounce', true, now())`)
  await sender.send({ now: later(5), vendor })
  expect(vendor.asked).toHaveLength(2)
  expect(vendor.asked[1]).toEqual(vendor.asked[0])
  await sender.send({ now: later(30), vendor: answering(accepted(2)) })
  expect(await sender.statusCounts()).toEqual({ sent: 2 })
})

test("no answer again and again: the tries get rarer, and after 23 hours it is given up as unknown, with a note to staff", async () => {
  await putTwo()
  const vendor = answering(retry())
  for (let minutes = 0; minutes <= 23 * 60 + 10; minutes += 10) await sender.send({ now: later(minutes), vendor })
  expect(vendor.asked.length).toBeGreaterThan(60)
  expect(new Set(vendor.asked.map(({ key }) => key)).size).toBe(1)
  expect(await sender.statusCounts()).toEqual({ unknown: 2 })
  expect(await notes()).toEqual(["Whether 2 mail(s) went out is unknown: no answer within 23 hours: 500"])
  await sender.send({ now: later(25 * 60), vendor: answering(accepted(2)) })
  expect(await sender.statusCounts()).toEqual({ unknown: 2 })
})

test("a key that stands for another text: never a new key, the mails are unknown and staff are told", async () => {
  const [id] = await putInOutbox(db, noon, [{}])
  await sender.resend.send(
    [{ from: "a@example.com", to: "b@example.com", subject: "other", html: "x", text: "x", headers: {}, tags: [] }],
    String(id),
  )
  await sender.send()
  expect([...(await outboxRows(db)).values()]).toMatchObject([
    { status: "unknown", reason: expect.stringContaining("invalid_idempotent_request") },
  ])
  expect(await notes()).toEqual([expect.stringContaining("invalid_idempotent_request")])
  await sender.send({ now: later(60) })
  expect(sender.fakes.mailbox.accepted).toBe(1)
})

test("a rate limit: repeated at once under the same key", async () => {
  await putTwo()
  const vendor = answering(retry({ reason: "429", afterSeconds: 0.01, maybeAccepted: false }), accepted(2))
  expect(await sender.send({ vendor })).toMatchObject({ requests: 1, emails: 2 })
  expect(new Set(vendor.asked.map(({ key }) => key)).size).toBe(1)
})

test("a rate limit that lasts: nothing was in doubt, so the mails are looked at anew when it is over", async () => {
  const [first] = await putTwo()
  const vendor = answering(retry({ reason: "429", maybeAccepted: false }), accepted(1))
  expect(await sender.send({ vendor })).toMatchObject({ emails: 0 })
  expect(await sender.statusCounts()).toEqual({ due: 2 })
  expect(await sender.openRequests()).toBe(0)
  await sender.send({ now: later(0.4), vendor })
  expect(vendor.asked).toHaveLength(1)

  await db.execute(sql`update customers set deleted_at = now() where email = 'a@example.com'`)
  await sender.send({ now: later(2), vendor })
  expect((await outboxRows(db)).get(String(first))).toMatchObject({ status: "suppressed" })
  expect(await sender.statusCounts()).toEqual({ suppressed: 1, sent: 1 })
})

test("a rate limit after a try that is in doubt: the request stays as it is, under its key", async () => {
  await putTwo()
  const limited = retry({ reason: "429", maybeAccepted: false })
  const vendor = answering(retry({ afterSeconds: 0.01 }), limited, accepted(2))
  await sender.send({ vendor })
  expect(await sender.statusCounts()).toEqual({ sending: 2 })
  await sender.send({ now: later(5), vendor })
  expect(new Set(vendor.asked.map(({ key }) => key)).size).toBe(1)
  expect(await sender.statusCounts()).toEqual({ sent: 2 })
})

test("a used up quota: the sender as a whole pauses; nothing was in doubt, so the mails are looked at anew afterwards", async () => {
  const [first] = await putTwo()
  const paused = answering(quota)
  expect(await sender.send({ vendor: paused })).toMatchObject({ paused: true, emails: 0 })
  expect(await sender.statusCounts()).toEqual({ due: 2 })
  expect(await notes()).toEqual(["Sending is paused: 429 daily_quota_exceeded"])

  const untouched = answering(accepted(2))
  expect(await sender.send({ now: later(30), vendor: untouched })).toEqual({ requests: 0, emails: 0, paused: true })
  expect(untouched.asked).toEqual([])
  const context = testContext({ db, now: later(30), vendors: {} })
  expect(await selectDueEmailIds(context, 100)).toEqual({ ids: [], openRequests: false })

  await db.execute(sql`update customers set deleted_at = now() where email = 'a@example.com'`)
  await sender.send({ now: later(61) })
  expect((await outboxRows(db)).get(String(first))).toMatchObject({ status: "suppressed" })
  expect(await sender.statusCounts()).toEqual({ suppressed: 1, sent: 1 })
})

test("a quota after a try that is in doubt: the request stays as it is, under its key", async () => {
  await putTwo()
  const vendor = answering(retry({ afterSeconds: 0.01 }), quota)
  await sender.send({ vendor })
  expect(await sender.statusCounts()).toEqual({ sending: 2 })
  await sender.send({ now: later(61), vendor: answering(accepted(2)) })
  expect(await sender.statusCounts()).toEqual({ sent: 2 })
})

test("a single mail goes under its own id, and under another key once a text was refused under that one", async () => {
  const [id] = await putInOutbox(db, noon, [{}])
  const vendor = answering(quota, accepted(1))
  await sender.send({ vendor })
  await sender.send({ now: later(61), vendor })
  expect(vendor.asked[0]?.key).toBe(id)
  expect(vendor.asked[1]?.key).not.toBe(id)
  expect(await sender.statusCounts()).toEqual({ sent: 1 })
})

test("a batch refused as a whole: each mail goes by itself, and the bad one fails alone", async () => {
  const [bad] = await putTwo()
  const refused: SendResult = { kind: "rejected", reason: "422 validation_error" }
  const asked: string[][] = []
  const vendor = {
    async send(messages: { to: string }[]): Promise<SendResult> {
      asked.push(messages.map(({ to }) => to))
      return messages.some(({ to }) => to === "a@example.com") ? refused : accepted(messages.length)
    },
  }
  await sender.send({ vendor })
  expect(asked.map((to) => to.length)).toEqual([2, 1, 1])
  expect((await outboxRows(db)).get(String(bad))).toMatchObject({ status: "failed", reason: "422 validation_error" })
  expect(await sender.statusCounts()).toEqual({ failed: 1, sent: 1 })
})

test("an answer that leaves one mail in doubt: it is unknown, its neighbour is sent", async () => {
  await putTwo()
  await sender.send({ vendor: answering({ kind: "accepted", items: [{ id: "re_1" }, { unknown: "not mentioned" }] }) })
  expect(await sender.statusCounts()).toEqual({ sent: 1, unknown: 1 })
})

test("staff can have failed and stale mails sent after all, but not what may have gone out", async () => {
  const ids = await putInOutbox(db, noon, [{ email: "bad" }, { staleAt: later(-60) }, {}])
  await sender.send({ vendor: answering(retry()) })
  expect(await sender.statusCounts()).toEqual({ failed: 1, stale: 1, sending: 1 })
  await db.execute(sql`update customers set email = 'good@example.com' where email = 'bad'`)
  const context = testContext({ db, now: later(0.1), vendors: {} })
  expect((await retryEmails(context, { ids })).sort()).toEqual(ids.slice(0, 2).sort())
  await sender.send({ now: later(0.1) })
  expect(await sender.statusCounts()).toEqual({ sent: 2, sending: 1 })
})
