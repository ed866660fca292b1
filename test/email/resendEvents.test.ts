import { sql } from "drizzle-orm"
import fc from "fast-check"
import { beforeEach, expect, test } from "vitest"
import { applyResendEvents } from "../../shared/email/applyResendEvents.ts"
import { storeResendEvent } from "../../shared/email/storeResendEvent.ts"
import { emptyDatabase } from "../support/databaseState.ts"
import { outboxRows, putInOutbox } from "../support/outbox.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")
const ctx = testContext({ db, now, vendors: {} })
beforeEach(() => emptyDatabase(db))

interface Told {
  svixId: string
  type: string
  at: string
  tags?: unknown
  emailId?: string
  data?: object
}

async function tell(events: Told[]): Promise<void> {
  for (const { svixId, type, at, tags, emailId, data } of events) {
    const body = { type, created_at: at, data: { email_id: emailId ?? "re_1", to: ["Ada@example.com"], tags, ...data } }
    await storeResendEvent(ctx, { svixId, body, text: JSON.stringify(body) })
  }
  await applyResendEvents(ctx, { ids: events.map(({ svixId }) => svixId) })
}

async function sending(): Promise<string> {
  const [id] = await putInOutbox(db, now, [{ email: "ada@example.com" }])
  await db.execute(sql`update email_outbox set status = 'sending', message = '{"subject": "Hi"}'`)
  return String(id)
}

const stage = (type: string, minute: number, outboxId: string, data: object = {}): Told => ({
  svixId: `msg_${type}_${minute}`,
  type: `email.${type}`,
  at: new Date(now.getTime() + minute * 60_000).toISOString(),
  tags: { outbox_id: outboxId },
  data,
})

const look = async () =>
  (
    await db.execute(
      sql`select status, resend_id, delivery, opened_at, clicked_at, complained_at, sent_at from email_outbox`,
    )
  ).rows[0]

test("delivery, opening and clicking leave the same row in whatever order and batches they come, also before our own record of the send", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }),
      fc.integer({ min: 1, max: 6 }),
      async (order, size) => {
        await emptyDatabase(db)
        const id = await sending()
        const events = [
          stage("sent", 0, id),
          stage("delivery_delayed", 1, id),
          stage("delivered", 2, id),
          stage("opened", 3, id),
          stage("opened", 9, id),
          stage("clicked", 4, id),
        ]
        const shuffled = order.map((index) => events[index] as Told)
        for (let start = 0; start < shuffled.length; start += size) await tell(shuffled.slice(start, start + size))
        await tell(shuffled)
        expect(await look()).toMatchObject({
          status: "sent",
          resend_id: "re_1",
          delivery: "delivered",
          opened_at: "2026-11-20 12:03:00+00",
          clicked_at: "2026-11-20 12:04:00+00",
          complained_at: null,
        })
      },
    ),
    { numRuns: 25, seed: 1 },
  )
})

test("tags are read as a map and as the array in which they were sent; without them Resend's id tells", async () => {
  const id = await sending()
  await tell([{ ...stage("delivered", 1, id), tags: [{ name: "outbox_id", value: id }] }])
  expect(await look()).toMatchObject({ delivery: "delivered" })
  await tell([{ ...stage("bounced", 2, id), tags: undefined }])
  expect(await look()).toMatchObject({ delivery: "bounced" })
})

test("a permanent bounce and a complaint suppress the address for every mail; a transient bounce does not", async () => {
  const id = await sending()
  const suppressed = async () => (await db.execute(sql`select email, reason, "all" from suppressions`)).rows
  await tell([stage("bounced", 1, id, { bounce: { type: "Transient", subType: "MailboxFull", message: "full" } })])
  expect(await suppressed()).toEqual([])
  await tell([stage("bounced", 2, id, { bounce: { type: "Permanent", subType: "NoEmail", message: "unknown" } })])
  expect(await suppressed()).toEqual([{ email: "ada@example.com", reason: "bounce", all: true }])
  await db.execute(sql`update suppressions set reason = 'unsubscribe', "all" = false`)
  await tell([stage("complained", 3, id)])
  expect(await suppressed()).toEqual([{ email: "ada@example.com", reason: "complaint", all: true }])
})

test("what a person would want to see is on the timeline, once", async () => {
  const id = await sending()
  await tell([stage("opened", 5, id), stage("opened", 3, id), stage("delivered", 1, id), stage("complained", 6, id)])
  const lines = await db.execute(sql`select kind, occurred_at from timeline_entries order by occurred_at`)
  expect(lines.rows).toEqual([
    { kind: "email.opened", occurred_at: "2026-11-20 12:03:00+00" },
    { kind: "email.complained", occurred_at: "2026-11-20 12:06:00+00" },
  ])
})

test("an event about a mail that is not ours is kept, with the reason", async () => {
  await tell([{ svixId: "msg_foreign", type: "email.delivered", at: now.toISOString(), emailId: "re_foreign" }])
  const kept = await db.execute(sql`select status, reason from resend_events`)
  expect(kept.rows).toEqual([{ status: "ignored", reason: "It is about a mail that was not sent from here." }])
  expect((await outboxRows(db)).size).toBe(0)
})
