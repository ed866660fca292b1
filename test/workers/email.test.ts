import { sql } from "drizzle-orm"
import { beforeAll, expect, test, vi } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { outboxRows, putInOutbox } from "../support/outbox.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const { db } = database
const workers = useWorkers(database, ["email", "jobs", "webhooks"])
beforeAll(() => seedDefaults(testContext({ db, vendors: {} })))

const sweep = () => workers.runJob("emails")
const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 15_000, interval: 100 })
const statuses = async () => [...(await outboxRows(db)).values()].map(({ status, delivery }) => `${status} ${delivery}`)

test("the sweep brings mails whose queue message was lost; Resend's events move them on; a bounce stops the next mail", async () => {
  await putInOutbox(db, new Date(), [{ email: "ada@example.com" }, { email: "bounce@example.com" }])
  await sweep()
  await until(async () => expect((await statuses()).sort()).toEqual(["sent bounced", "sent delivered"]))
  expect(workers.fakes.mailbox.accepted).toBe(2)

  const [again] = await putInOutbox(db, new Date(), [{ email: "Bounce@example.com" }])
  await sweep()
  await until(async () =>
    expect((await outboxRows(db)).get(String(again))).toMatchObject({
      status: "suppressed",
      reason: "the address is suppressed: bounce",
    }),
  )
  expect(workers.fakes.mailbox.accepted).toBe(2)
})

test("the sweep has a request finished that a sender died over", async () => {
  const before = workers.fakes.mailbox.accepted
  const [id] = await putInOutbox(db, new Date(), [{ email: "late@example.com" }])
  const request = crypto.randomUUID()
  const message = {
    from: "ops@example.com",
    to: "late@example.com",
    subject: "Hi",
    html: "<p>Hi</p>",
    text: "Hi",
    headers: {},
    tags: [{ name: "outbox_id", value: id }],
  }
  await db.execute(sql`insert into email_requests (id, status, lease_until, attempts, first_attempt_at)
    values (${request}, 'open', now() - interval '1 minute', 1, now() - interval '5 minutes')`)
  await db.execute(sql`update email_outbox set status = 'sending', request_id = ${request}, request_index = 0,
    message = ${JSON.stringify(message)}::jsonb where id = ${id}`)
  await sweep()
  await until(async () => expect((await outboxRows(db)).get(String(id))).toMatchObject({ status: "sent" }))
  expect(workers.fakes.mailbox.accepted).toBe(before + 1)
})

test("mail is sent by the queue only", async () => {
  expect((await workers.fetch("email", "/", { method: "POST" })).status).toBe(404)
  expect(await (await workers.fetch("email", "/health")).json()).toMatchObject({ ok: true, worker: "email" })
})
