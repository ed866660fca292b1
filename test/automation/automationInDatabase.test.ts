import { sql } from "drizzle-orm"
import { beforeAll, beforeEach, expect, test } from "vitest"
import { type AutomationPlan, emptyPlan } from "../../shared/automation/automationPlan.ts"
import { saveRule } from "../../shared/automation/saveRule.ts"
import { saveSequence } from "../../shared/automation/saveSequence.ts"
import { dueNow, writeAutomation } from "../../shared/automation/writeAutomation.ts"
import { batch } from "../../shared/db/batch.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { apply, insertCustomer, insertInvoice, load, plan, rows, write } from "./inDatabase.ts"
import { aChange, aRule, aSequence, day, input, later, noon } from "./samples.ts"

const { db } = useDatabase()
const ctx = testContext({ db, now: noon, vendors: {} })

const sequence = aSequence("dunning", {
  exits: [{ when: { field: "invoice.status", op: "eq", value: "paid" }, reason: "the invoice is settled" }],
})
const rule = aRule("dunning", "invoice.payment_failed", [
  { do: "enrol", sequence: "dunning", subject: "invoice" },
  { do: "add_tag", tag: "owes" },
  { do: "remove_tag", tag: "vip" },
  { do: "notify_staff", message: "Look" },
])
const leave = aRule("leave", "invoice.action_required", [{ do: "leave", sequence: "dunning", reason: "the bank asks" }])

beforeAll(async () => {
  await db.execute(sql`
    insert into templates (id, version, name, mail_class, updated_at)
    values ('first', 1, 'First', 'transactional', now()), ('second', 1, 'Second', 'transactional', now())`)
})

beforeEach(async () => {
  await db.execute(sql`truncate rules, sequences, rule_firings, enrolments, email_outbox, staff_notifications`)
  await saveSequence(ctx, { ...input(sequence), seenVersion: 0 })
  await saveRule(ctx, { ...input(rule), seenVersion: 0 })
  await saveRule(ctx, { ...input(leave), seenVersion: 0 })
})

let count = 0
async function someone() {
  const customer = await insertCustomer(db, { tags: ["early", "vip"] })
  const invoiceId = `in_${++count}`
  await insertInvoice(db, { customerId: customer.id, id: invoiceId, status: "open" })
  const about = { customerId: customer.id, invoiceId, subscriptionId: null }
  const failed = aChange("invoice.payment_failed", {
    ...about,
    key: `invoice.payment_failed:${invoiceId}:1`,
    data: { attempt: 1 },
  })
  const asked = aChange("invoice.action_required", { ...about, key: `invoice.action_required:${invoiceId}:1` })
  return { customer, invoiceId, failed, asked }
}

const merged = (plans: AutomationPlan[]): AutomationPlan => ({
  firings: plans.flatMap(({ firings }) => firings),
  enrolments: plans.flatMap(({ enrolments }) => enrolments),
  outbox: plans.flatMap(({ outbox }) => outbox),
  exits: plans.flatMap(({ exits }) => exits),
  tags: plans.flatMap(({ tags }) => tags),
  notifications: plans.flatMap(({ notifications }) => notifications),
})

const mails = () => rows(db, sql`select step, template_id, status, reason from email_outbox order by step, id`)

test("a plan is written whole and read back as it was", async () => {
  const { customer, failed, invoiceId } = await someone()
  const made = await apply(db, customer, [failed])

  const loaded = await load(db, [customer.stripeId])
  expect(loaded.enrolments.get(customer.id)).toEqual(made.enrolments)
  expect([...loaded.fired]).toEqual([`dunning invoice.payment_failed:${invoiceId}:1`])
  expect(await rows(db, sql`select * from rule_firings`)).toMatchObject([
    { rule_id: "dunning", rule_version: 1, event_id: failed.eventId, customer_id: customer.id, actions: rule.actions },
  ])
  expect(
    await rows(
      db,
      sql`select dedupe_key, priority, mail_class, template_id, step, status, enrolment_id from email_outbox order by step`,
    ),
  ).toEqual(
    [0, 1].map((step) => ({
      dedupe_key: `${made.enrolments[0]?.id}:${step}`,
      priority: 3,
      mail_class: "transactional",
      template_id: step === 0 ? "first" : "second",
      step,
      status: "due",
      enrolment_id: made.enrolments[0]?.id,
    })),
  )
  expect(await rows(db, sql`select key, customer_id, message, read_at from staff_notifications`)).toEqual([
    { key: `dunning:${failed.key}`, customer_id: customer.id, message: "Look", read_at: null },
  ])
  const due = await rows(db, sql`select id from email_outbox where due_at <= ${noon.toISOString()}`)
  expect(dueNow(made, noon)).toEqual(due.map(({ id }) => id))
})

test("told again, nothing more happens", async () => {
  const { customer, failed } = await someone()
  await apply(db, customer, [failed])
  const again = await apply(db, customer, [failed])
  expect(writeAutomation(again)).toEqual([])
  expect(await mails()).toHaveLength(2)
})

test("of two who planned the same at the same time, one counts, and nobody is mailed twice", async () => {
  const { customer, failed } = await someone()
  const plans = [await plan(db, customer, [failed]), await plan(db, customer, [failed])]
  await Promise.all(plans.map((made) => write(db, made)))
  expect(await rows(db, sql`select count(*)::int as n from enrolments`)).toEqual([{ n: 1 }])
  expect(await rows(db, sql`select count(*)::int as n from staff_notifications`)).toEqual([{ n: 1 }])
  expect(await mails()).toHaveLength(2)
  const orphans = await rows(db, sql`select id from email_outbox where enrolment_id not in (select id from enrolments)`)
  expect(orphans).toEqual([])
})

test("tags are added and removed one by one, without touching the others", async () => {
  const { customer, failed } = await someone()
  await apply(db, customer, [failed])
  expect(await rows(db, sql`select tags from customers where id = ${customer.id}`)).toEqual([
    { tags: ["early", "owes"] },
  ])
  await write(db, {
    ...emptyPlan(),
    tags: ["a", "a'\"{}", "b"].map((tag) => ({ customerId: customer.id, tag, add: true })),
  })
  await write(db, {
    ...emptyPlan(),
    tags: [
      { customerId: customer.id, tag: "b", add: false },
      { customerId: customer.id, tag: "a", add: false },
      { customerId: customer.id, tag: "a", add: true },
    ],
  })
  expect(await rows(db, sql`select tags from customers where id = ${customer.id}`)).toEqual([
    { tags: ["a", "a'\"{}", "early", "owes"] },
  ])
})

test("an exit cancels what is due and lets go what is being sent already", async () => {
  const { customer, failed, invoiceId } = await someone()
  await apply(db, customer, [failed])
  await db.execute(sql`update email_outbox set status = 'sending' where step = 0`)
  await db.execute(sql`update invoices set status = 'paid' where id = ${invoiceId}`)
  const paid = aChange("invoice.paid", { customerId: customer.id, invoiceId, subscriptionId: null })
  await apply(db, customer, [paid], later(day))

  expect(await mails()).toMatchObject([
    { step: 0, status: "sending", reason: null },
    { step: 1, status: "cancelled", reason: "the invoice is settled" },
  ])
  const { enrolments } = await load(db, [customer.stripeId])
  expect(enrolments.get(customer.id)).toMatchObject([
    { status: "exited", exitReason: "the invoice is settled", endedAt: later(day) },
  ])
})

test("a firing that made the customer leave is remembered for what is learnt later", async () => {
  const { customer, failed, asked } = await someone()
  await apply(db, customer, [asked])
  const { departures } = await load(db, [customer.stripeId])
  expect(departures.get(customer.id)).toMatchObject([{ sequenceId: "dunning", at: noon, changeKey: asked.key }])
  await apply(db, customer, [failed])
  expect(await rows(db, sql`select status, exit_reason from enrolments`)).toEqual([
    { status: "exited", exit_reason: "the bank asks" },
  ])
  expect(await mails()).toMatchObject([{ status: "cancelled" }, { status: "cancelled" }])
})

test("a batch is written in the same number of statements whatever its size", async () => {
  const everyone = await Promise.all(Array.from({ length: 30 }, someone))
  const plans = await Promise.all(everyone.map(({ customer, failed }) => plan(db, customer, [failed])))
  const statements = [1, 30].map((size) => writeAutomation(merged(plans.slice(0, size))))
  expect(statements.map(({ length }) => length)).toEqual([5, 5])
  await batch(db, statements[1] ?? [])
  expect(await mails()).toHaveLength(60)
})

test("other customers' enrolments and firings are not loaded", async () => {
  const [one, other] = [await someone(), await someone()]
  await apply(db, one.customer, [one.failed])
  const loaded = await load(db, [other.customer.stripeId])
  expect([loaded.enrolments.size, loaded.fired.size, loaded.departures.size]).toEqual([0, 0, 0])
  expect((await load(db, [])).rules).toHaveLength(2)
})

test("a rule or sequence that somebody broke is skipped and named; the others go on", async () => {
  await db.execute(sql`
    insert into rules (id, name, change_kind, condition, actions, enabled, updated_at) values
      ('broken-condition', 'B', 'invoice.paid', '{"field": "customer.name", "op": "like"}', '[]', true, now()),
      ('broken-kind', 'B', 'invoice.eaten', '{"all": []}', '[]', true, now()),
      ('disabled', 'D', 'invoice.eaten', '{"all": []}', '[]', false, now())`)
  await db.execute(sql`
    insert into sequences (id, name, mail_class, steps, exits, enabled, updated_at)
    values ('broken-steps', 'B', 'transactional', '[{"delay": {"after": -1}, "template": "first"}]', '[]', true, now())`)
  const { customer, failed } = await someone()
  const loaded = await load(db, [customer.stripeId])
  expect(loaded.rules.map(({ id }) => id).sort()).toEqual(["dunning", "leave"])
  expect(loaded.problems.map(({ id }) => id).sort()).toEqual(["broken-condition", "broken-kind", "broken-steps"])
  expect(loaded.problems.find(({ id }) => id === "broken-kind")?.message).toContain("changeKind")
  expect((await apply(db, customer, [failed])).enrolments).toHaveLength(1)
})

test("what a payload holds that jsonb refuses is written all the same", async () => {
  const { customer, failed } = await someone()
  await apply(db, customer, [{ ...failed, data: { reason: "a\u0000b\ud800" } }])
  expect(await rows(db, sql`select change_data ->> 'reason' as reason from enrolments`)).toEqual([
    { reason: "a\ufffdb\ufffd" },
  ])
})
