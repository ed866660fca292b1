import { sql } from "drizzle-orm"
import fc from "fast-check"
import { beforeEach, expect, test } from "vitest"
import type { FrozenMessage } from "../../shared/db/schema/email.ts"
import { applyResendEvents } from "../../shared/email/applyResendEvents.ts"
import { recordResult } from "../../shared/email/recordResult.ts"
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

const outboxId = "11111111-1111-4111-8111-111111111111"
const requestId = "22222222-2222-4222-8222-222222222222"
const message: FrozenMessage = {
  from: "ops@example.com",
  to: "ada@example.com",
  subject: "Hi",
  html: "<p>Hi</p>",
  text: "Hi",
  headers: {},
  tags: [],
}

/** A mail that has been handed to Resend, whose answer we have not recorded. */
async function sending(): Promise<string> {
  await putInOutbox(db, now, [{ email: "ada@example.com" }])
  await db.execute(sql`insert into email_requests (id, status, lease_until, attempts, first_attempt_at)
    values (${requestId}, 'open', ${now.toISOString()}, 1, ${now.toISOString()})`)
  await db.execute(sql`update email_outbox set id = ${outboxId}, status = 'sending', request_id = ${requestId}, request_index = 0,
    message = ${JSON.stringify(message)}::jsonb`)
  return outboxId
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

/** Everything that the events leave behind, without when and as what they were stored. */
async function aftermath(): Promise<unknown> {
  const [mail, suppressed, timeline] = await Promise.all([
    db.execute(
      sql`select status, reason, resend_id, sent_at, delivery, delivery_at, opened_at, clicked_at, complained_at, bounce from email_outbox`,
    ),
    db.execute(sql`select * from suppressions order by email, reason`),
    db.execute(
      sql`select key, occurred_at, data, source_id from timeline_entries where kind <> 'email.sent' order by key`,
    ),
  ])
  return [mail.rows, suppressed.rows, timeline.rows]
}

/** Our own record of the send, as the sender writes it once it has Resend's answer. */
async function recordSend(id: string): Promise<void> {
  await recordResult(
    ctx,
    { id: requestId, attempts: 1, firstAttemptAt: now, emails: [{ id, message }] },
    { kind: "accepted", items: [{ id: "re_1" }] },
  )
}

const permanent = (message: string) => ({ bounce: { type: "Permanent", subType: "NoEmail", message } })
const transient = { bounce: { type: "Transient", subType: "MailboxFull", message: "full" } }

test("any order of events, in any batches, twice, with our own record of the send anywhere between, ends the same", async () => {
  const fates: Told[][] = [
    ["sent", "delivery_delayed", "delivered", "opened", "clicked", "complained"].map((type, at) =>
      stage(type, at, outboxId),
    ),
    [
      stage("sent", 0, outboxId),
      stage("opened", 5, outboxId),
      stage("opened", 3, outboxId),
      stage("clicked", 4, outboxId),
    ],
    [
      stage("sent", 0, outboxId),
      stage("bounced", 1, outboxId, transient),
      stage("bounced", 4, outboxId, permanent("late")),
      { ...stage("bounced", 2, outboxId, permanent("first")), svixId: "msg_b" },
      { ...stage("bounced", 2, outboxId, permanent("same moment")), svixId: "msg_a" },
      { ...stage("complained", 2, outboxId), svixId: "msg_c" },
      stage("delivered", 3, outboxId),
    ],
    [
      stage("failed", 2, outboxId),
      stage("suppressed", 2, outboxId),
      stage("delivery_delayed", 1, outboxId),
      stage("delivery_delayed", 3, outboxId),
    ],
  ]
  for (const events of fates) {
    let expected: unknown
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...events.keys(), -1], { minLength: events.length + 1 }),
        fc.integer({ min: 1, max: events.length }),
        async (order, size) => {
          await emptyDatabase(db)
          await sending()
          for (let start = 0; start < order.length; start += size) {
            const part = order.slice(start, start + size)
            await tell(part.flatMap((index) => events[index] ?? []))
            if (part.includes(-1)) await recordSend(outboxId)
          }
          await tell(events)
          const end = await aftermath()
          expected ??= end
          expect(end).toEqual(expected)
        },
      ),
      { numRuns: 12, seed: 1 },
    )
    expect(expected).toMatchObject([[{ status: "sent", resend_id: "re_1", reason: null }], {}, {}])
  }
})

test.each(["due", "sending", "unknown", "failed", "cancelled"])(
  "an event about a mail that we have as %s says that it was sent",
  async (status) => {
    await sending()
    await db.execute(sql`update email_outbox set status = ${status}, reason = 'whatever'`)
    await tell([stage("delivered", 1, outboxId)])
    expect(await look()).toMatchObject({ status: "sent", resend_id: "re_1", delivery: "delivered" })
  },
)

test("an event without a tag is about the mail that its neighbour in the batch names", async () => {
  await sending()
  await tell([{ ...stage("delivered", 2, outboxId), tags: undefined }, stage("sent", 1, outboxId)])
  expect(await look()).toMatchObject({ status: "sent", delivery: "delivered" })
})

test("a webhook that settles an unknown mail completes its enrolment", async () => {
  await sending()
  await db.execute(sql`
    insert into enrolments (id, sequence_id, customer_id, subject_id, rule_id, rule_version, change_key, change_data, started_at, status)
    select id, 's', customer_id, 'x', 'r', 1, 'k', '{}', now(), 'active' from email_outbox`)
  await db.execute(sql`update email_outbox set enrolment_id = id, status = 'unknown'`)
  await tell([stage("delivered", 2, outboxId)])
  expect((await db.execute(sql`select status from enrolments`)).rows).toEqual([{ status: "completed" }])
})

test.each<[string, object]>([
  ["nulls where there is nothing", { bounce: null, tags: null, to: null, failed: null }],
  ["an address with a name", { to: "Ada <ada@example.com>" }],
  ["parts of another kind", { bounce: "Permanent", tags: 7, to: [1, null], click: [] }],
  ["an id that holds what PostgreSQL refuses", { email_id: "re_\u0000" }],
  ["a message that holds it", { bounce: { type: "Transient", message: "\u0000\ud800" } }],
  ["nothing at all", { email_id: undefined }],
])("%s in an event neither loses it nor holds its neighbours back", async (_name, data) => {
  await sending()
  await tell([
    { svixId: "msg_odd", type: "email.bounced", at: now.toISOString(), emailId: "re_odd", data },
    stage("delivered", 1, outboxId),
  ])
  expect(await look()).toMatchObject({ delivery: "delivered" })
  const kept = await db.execute<{ status: string }>(sql`select status from resend_events where svix_id = 'msg_odd'`)
  expect(["applied", "ignored"]).toContain(kept.rows[0]?.status)
})

test("an event that the database refuses is set aside alone, with the reason", async () => {
  await sending()
  await db.execute(sql`alter table timeline_entries add constraint poison check (source_id <> 'msg_opened_5')`)
  await tell([stage("delivered", 1, outboxId), stage("opened", 5, outboxId), stage("clicked", 6, outboxId)])
  await db.execute(sql`alter table timeline_entries drop constraint poison`)
  expect(await look()).toMatchObject({ delivery: "delivered", opened_at: null, clicked_at: "2026-11-20 12:06:00+00" })
  const failed = await db.execute(sql`select svix_id from resend_events where status = 'failed' and reason is not null`)
  expect(failed.rows).toEqual([{ svix_id: "msg_opened_5" }])
})

test("two consumers of the same ids apply an event once", async () => {
  await sending()
  const ids = [1, 2, 3].map((minute) => `msg_opened_${minute}`)
  for (const [index, svixId] of ids.entries()) {
    const body = {
      type: "email.opened",
      created_at: stage("opened", index, outboxId).at,
      data: { tags: { outbox_id: outboxId } },
    }
    await storeResendEvent(ctx, { svixId, body, text: JSON.stringify(body) })
  }
  const results = await Promise.all([applyResendEvents(ctx, { ids }), applyResendEvents(ctx, { ids })])
  expect(results.map(({ applied }) => applied).sort()).toEqual([0, 3])
})

test("tags are read as a map and as the array in which they were sent; without them Resend's id tells", async () => {
  const id = await sending()
  await tell([{ ...stage("delivered", 1, id), tags: [{ name: "outbox_id", value: id }] }])
  expect(await look()).toMatchObject({ delivery: "delivered" })
  await tell([{ ...stage("bounced", 2, id), tags: undefined }])
  expect(await look()).toMatchObject({ delivery: "bounced" })
})

test("a permanent bounce, a complaint and a refusal by Resend each suppress the address for every mail; a transient bounce does not", async () => {
  const id = await sending()
  const suppressed = async () =>
    (await db.execute(sql`select email, reason, "all" from suppressions order by reason`)).rows
  await tell([stage("bounced", 1, id, { bounce: { type: "Transient", subType: "MailboxFull", message: "full" } })])
  expect(await suppressed()).toEqual([])
  await tell([stage("bounced", 2, id, { bounce: { type: "Permanent", subType: "NoEmail", message: "unknown" } })])
  expect(await suppressed()).toEqual([{ email: "ada@example.com", reason: "bounce", all: true }])
  await tell([stage("complained", 3, id), stage("suppressed", 4, id)])
  expect(await suppressed()).toEqual(
    ["bounce", "complaint", "vendor"].map((reason) => ({ email: "ada@example.com", reason, all: true })),
  )
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
