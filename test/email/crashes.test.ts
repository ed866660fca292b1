import { sql } from "drizzle-orm"
import { afterAll, beforeEach, expect, test } from "vitest"
import { startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { createDatabase } from "../../shared/db/client.ts"
import type { ResendApi } from "../../shared/vendors/resend.ts"
import { Faults } from "../fakes/faults/faults.ts"
import { putInOutbox } from "../support/outbox.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { later, noon, useSender } from "../support/useSender.ts"

/** A place at which the sender dies: before or after the n-th call takes effect. */
let call = 0
let dies: (call: number, when: "before" | "after") => boolean = () => false
let cancelling: (call: number) => Promise<void> = async () => {}
const step = async (when: "before" | "after") => {
  if (when === "before") call++
  else await cancelling(call)
  if (dies(call, when)) throw new Error(`died ${when} call ${call}`)
}

beforeEach(() => {
  dies = () => false
  cancelling = async () => {}
})

const database = useDatabase()
const neon = await startNeonHttp({ hooks: { before: () => step("before"), after: () => step("after") } })
const db = createDatabase({ url: database.url, httpEndpoint: neon.endpoint })
const sender = useSender(db)
afterAll(() => neon.close())

const dying: ResendApi = {
  async send(...input) {
    await step("before")
    const result = await sender.resend.send(...input)
    await step("after")
    return result
  },
}

async function recover(from: number): Promise<void> {
  dies = () => false
  for (let round = 0; round < 4; round++) await sender.send({ now: later(from + round * 12) })
}

async function expectEachSentOnce(ids: string[]): Promise<void> {
  expect(sender.acceptedIds().sort()).toEqual([...ids].sort())
  expect(await sender.statusCounts()).toEqual({ sent: ids.length })
  expect(await sender.openRequests()).toBe(0)
  const active = await db.execute(sql`select from enrolments where status <> 'completed'`)
  expect(active.rowCount).toBe(0)
}

async function enrolAll(): Promise<void> {
  await db.execute(sql`
    insert into enrolments (id, sequence_id, customer_id, subject_id, rule_id, rule_version, change_key, change_data, started_at, status)
    select id, 'refund', customer_id, id::text, 'r', 1, id::text, '{}', ${noon.toISOString()}, 'active' from email_outbox`)
  await db.execute(sql`update email_outbox set enrolment_id = id, step = 0`)
  await db.execute(sql`insert into sequences (id, name, mail_class, steps, exits, enabled, updated_at)
    values ('refund', 'Refund', 'transactional', '[]', '[]', true, now()) on conflict do nothing`)
}

/** Is it paused, open requests, claim, load, freeze, send, record. */
const calls = [1, 2, 3, 4, 5, 6, 7]
test.each(calls.flatMap((at) => (["before", "after"] as const).map((when) => ({ at, when }))))(
  "a sender that dies $when the effect of call $at loses and doubles nothing",
  async ({ at, when }) => {
    const ids = await putInOutbox(db, noon, [{}, {}, {}])
    await enrolAll()
    call = 0
    dies = (current, moment) => current === at && moment === when
    await expect(sender.send({ vendor: dying })).rejects.toThrow()
    await recover(3)
    await expectEachSentOnce(ids)
  },
)

test("there is no call after those", async () => {
  await putInOutbox(db, noon, [{}, {}, {}])
  call = 0
  await sender.send({ vendor: dying })
  expect(call).toBe(calls.length)
})

test.each([1, 2, 3, 4, 5, 6])(
  "two senders that die at random while Resend misbehaves lose and double nothing (seed %i)",
  async (seed) => {
    const random = new Faults(seed)
    const mails = Array.from({ length: 230 }, (_, index) => ({ email: `c${index}@example.com`, known: true }))
    const ids = await putInOutbox(db, noon, mails)
    await enrolAll()
    sender.fakes.faults.resend.set({
      rates: { timeoutAfterAcceptance: 0.25, tooManyRequests: 0.1, serverError: 0.15, droppedConnection: 0.15 },
    })
    dies = () => random.happens(0.06)
    for (let round = 0; round < 8; round++)
      await Promise.allSettled([
        sender.send({ now: later(round * 3), vendor: dying }),
        sender.send({ now: later(round * 3 + 1), vendor: dying }),
        sender.send({ now: later(round * 3 + 2), vendor: dying, ids: ids.slice(0, 100) }),
      ])
    sender.fakes.faults.resend.clear()
    await recover(60)
    await expectEachSentOnce(ids)
  },
)

test("mails that are cancelled between claim and freeze go into no request", async () => {
  await putInOutbox(db, noon, [{}, {}])
  call = 0
  const [, , , load] = calls
  cancelling = async (current) => {
    if (current === load) await database.db.execute(sql`update email_outbox set status = 'cancelled'`)
  }
  await sender.send({ vendor: dying })
  expect(await sender.statusCounts()).toEqual({ cancelled: 2 })
  expect((await db.execute(sql`select from email_requests`)).rowCount).toBe(0)
  expect(sender.fakes.mailbox.accepted).toBe(0)
})
