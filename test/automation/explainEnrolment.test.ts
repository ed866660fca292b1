import { randomUUID } from "node:crypto"
import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { explainEnrolment } from "../../shared/automation/explainEnrolment.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { apply, insertCustomer, insertInvoice } from "./inDatabase.ts"
import { aChange, day, later, noon } from "./samples.ts"

const { db } = useDatabase()
const ctx = testContext({ db, now: noon, vendors: {} })

test("an enrolment and each of its mails say which event, rule and step they come from", async () => {
  await seedDefaults(ctx)
  const customer = await insertCustomer(db)
  await insertInvoice(db, { customerId: customer.id, id: "in_1", status: "open" })
  await db.execute(sql`
    insert into stripe_events (id, type, livemode, created_at, received_at, payload, next_attempt_at)
    values ('evt_1', 'invoice.payment_failed', false, now(), ${noon.toISOString()}, '{}', now())`)
  const key = "invoice.payment_failed:in_1:1"
  const change = aChange("invoice.payment_failed", {
    customerId: customer.id,
    eventId: "evt_1",
    key,
    occurredAt: later(-3 * day),
    subscriptionId: null,
    data: { amount: 1190 },
  })
  const [enrolment] = (await apply(db, customer, [change])).enrolments
  await db.execute(sql`update rules set version = 5 where id = 'dunning'`)

  expect(await explainEnrolment(ctx, String(enrolment?.id))).toMatchObject({
    customerId: customer.id,
    subject: "in_1",
    status: "active",
    exitReason: null,
    sequence: { id: "dunning", name: "Dunning" },
    rule: { id: "dunning", name: "Tell of a failed payment", version: 1, currentVersion: 5 },
    change: { key, occurredAt: later(-3 * day), data: { amount: 1190, kind: "invoice.payment_failed" } },
    event: { id: "evt_1", type: "invoice.payment_failed", receivedAt: noon },
    steps: [
      { step: 0, templateId: "payment-failed", status: "stale", reason: "came due too long ago", sentAt: null },
      { step: 1, templateId: "payment-update-card", status: "due", dueAt: noon, reason: null },
      { step: 2, templateId: "payment-final-notice", status: "due", dueAt: later(4 * day) },
      { step: 3, templateId: "payment-last-notice", status: "due", dueAt: later(7 * day) },
    ],
  })
})

test("what there is no record of is said so: event, rule and sequence may be gone", async () => {
  const customer = await insertCustomer(db)
  const change = aChange("refund.succeeded", {
    customerId: customer.id,
    eventId: "evt_gone",
    key: "refund.succeeded:re_9",
  })
  const [enrolment] = (await apply(db, customer, [change])).enrolments
  await db.execute(sql`delete from rules where id = 'refund-confirmed'`)
  await db.execute(sql`delete from sequences where id = 'refund-confirmed'`)
  expect(await explainEnrolment(ctx, String(enrolment?.id))).toMatchObject({
    sequence: { id: "refund-confirmed", name: "refund-confirmed" },
    rule: { id: "refund-confirmed", name: "refund-confirmed", version: 1, currentVersion: null },
    event: { id: "evt_gone", type: null, receivedAt: null },
  })
})

test.each([randomUUID(), "dunning", "'"])("%s is not an enrolment", async (id) => {
  await expect(explainEnrolment(ctx, id)).rejects.toMatchObject({ code: "not_found" })
})
