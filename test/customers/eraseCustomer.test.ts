import { sql } from "drizzle-orm"
import { beforeAll, describe, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import type { Context } from "../../shared/context.ts"
import { recordLead } from "../../shared/crm/recordLead.ts"
import { suppressAddress } from "../../shared/crm/suppressions.ts"
import { addNote } from "../../shared/customers/addNote.ts"
import { changeTags } from "../../shared/customers/changeTags.ts"
import { eraseCustomer } from "../../shared/customers/erase/eraseCustomer.ts"
import { askToErase } from "../../shared/customers/erase/eraseQuestion.ts"
import { exportCustomers } from "../../shared/customers/exportCustomers.ts"
import { applyResendEvents } from "../../shared/email/applyResendEvents.ts"
import { storeResendEvent } from "../../shared/email/storeResendEvent.ts"
import { Faults } from "../fakes/faults/faults.ts"
import { EventLog } from "../fakes/stripe/eventLog.ts"
import { StripeWorld } from "../fakes/stripe/world.ts"
import { apiOf } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")
const address = "zebedee.quill@example.com"
/** Whatever is left of the person holds one of these. */
const marks = ["zebedee", "quill", "z.q@former"]
const formerAddress = "z.q@former.example.org"

const log = new EventLog({ deliver: null, webhookSecret: "x", livemode: false, faults: new Faults(1) })
const start = new Date(now.getTime() - 40 * 86_400_000)
const world = new StripeWorld({ log, hostedUrl: (id) => `https://pay.example.com/${id}`, wall: () => start })
const owner = {
  kind: "staff",
  id: crypto.randomUUID(),
  email: "owner@staff.test",
  name: "Owner",
  role: "owner",
} as const
const ctx = testContext({ db, now, actor: owner, vendors: { stripe: apiOf(world, now) } })
let id = ""
let stripeId = ""
const other = { email: "someone.else@example.com", name: "Someone Else" }

/** Every table, whatever it is called: what is added later is looked through too. */
async function whereIsThePerson(): Promise<string[]> {
  const tables = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'public' order by 1`,
  )
  const found: string[] = []
  for (const { name } of tables.rows) {
    const rows = await db.execute<{ row: string }>(sql`select to_jsonb(t)::text as row from ${sql.identifier(name)} t`)
    for (const { row } of rows.rows)
      if (marks.some((mark) => row.toLowerCase().includes(mark))) found.push(`${name}: ${row}`)
  }
  return found
}

const money = async () =>
  (
    await db.execute(sql`
      select 'invoice' as what, id, total::text as amount, currency from invoices where customer_id = ${id}
      union all select 'charge', id, amount::text, currency from charges where customer_id = ${id}
      union all select 'refund', id, amount::text, currency from refunds where customer_id = ${id} order by 1, 2`)
  ).rows
const erase = async (who: Context = ctx) =>
  eraseCustomer(who, { id, confirmation: (await askToErase(who, id)).confirmation ?? undefined })

const seconds = now.getTime() / 1000
const eventOf = (id: string, type: string, data: object) => ({
  id,
  object: "event",
  type,
  created: seconds - 60,
  livemode: false,
  api_version: "2025-01-01",
  data,
})
const guestCheckout = (event: string, email: string) =>
  eventOf(event, "checkout.session.expired", {
    object: {
      id: `cs_${event}`,
      object: "checkout.session",
      customer: null,
      customer_details: { email, name: "Z. Quill" },
    },
  })
const detachedCard = (event: string, customer: string) =>
  eventOf(event, "payment_method.detached", {
    object: {
      id: `pm_${event}`,
      object: "payment_method",
      type: "card",
      customer: null,
      billing_details: { name: "Z. Quill" },
    },
    previous_attributes: { customer },
  })

beforeAll(async () => {
  await seedDefaults(ctx)
  await db.execute(
    sql`insert into staff (id, email, name, role, created_at) values (${owner.id}, ${owner.email}, 'Owner', 'owner', now())`,
  )
  for (const { email, name } of [other, { email: address, name: "Zebedee Quill" }]) {
    const signedUpAs = email === address ? formerAddress : email
    const customer = world.createCustomer({ email: signedUpAs, name, country: "DE", metadata: { server: `${name}-1` } })
    stripeId = customer.id
    if (email !== signedUpAs) world.updateCustomer(customer.id, { email })
    const subscription = world.subscribe({ customer: customer.id, price: "price_pro_eur_month", card: "works" })
    world.advanceClock(35 * 86_400)
    const charge = world.all("charge").find((each) => each.customer === customer.id)
    if (charge) world.refund(charge.id)
    if (email === address) world.cancel(subscription.id, { feedback: "unused", comment: "Quill says goodbye" })
  }
  await play(ctx, log.events)
  id = String((await db.execute(sql`select id from customers where email = ${address}`)).rows[0]?.id)
  await addNote(ctx, { customerId: id, noteId: crypto.randomUUID(), text: "Zebedee called" })
  await changeTags(ctx, { id, add: ["friend-of-quill"], remove: [] })
  await db.execute(sql`
    insert into segments (id, name, condition, created_at, updated_at, updated_by)
    values (gen_random_uuid(), 'Just one', ${JSON.stringify({ all: [{ field: "customer.email", op: "eq", value: address }] })}, now(), now(), 'x')`)
  await suppressAddress(ctx, { email: address, all: true })
  await recordLead(ctx, { email: address, source: "website", name: "Zebedee", data: { why: "quill" } })
  await db.execute(sql`
    update email_outbox set status = 'sent', sent_at = now(), message = jsonb_build_object('to', ${address}::text, 'html', 'Dear Zebedee')
    where customer_id = ${id} and step = 0`)
  await db.execute(sql`
    insert into leads (id, email, source, kind, data, created_at, updated_at)
    values (gen_random_uuid(), ${formerAddress}, 'website', 'lead', '{"why": "the quill of old"}', now(), now())`)
  await db.execute(sql`
    insert into suppressions (email, reason, "all", since) values (${formerAddress}, 'unsubscribe', false, now())`)
  await db.execute(sql`
    insert into rules (id, name, change_kind, condition, actions, enabled, updated_at)
    values ('a-friend', 'For a friend', 'invoice.paid',
      ${JSON.stringify({ field: "customer.email", op: "in", value: [address, other.email] })}, '[]', true, now())`)
  await db.execute(sql`
    insert into staff_notifications (id, key, customer_id, message, created_at)
    values (gen_random_uuid(), 'x', ${id}, 'Ask Zebedee what went wrong', now())`)
  await db.execute(sql`
    insert into staff_confirmations (id, staff_id, action, about, expires_at, used_at)
    values (gen_random_uuid(), ${owner.id}, 'customers.bulkTag', '["add","vip",[["q","zebedee"]]]', now(), now())`)
  await (await exportCustomers(ctx, { q: "zebedee", sort: "-created" })).cancel()
  const ticket = crypto.randomUUID()
  const message = crypto.randomUUID()
  await db.execute(sql`
    insert into discord_links (user_id, customer_id, user_name, linked_at, actor) values ('1234567890', ${id}, 'zebedee#1', now(), 'x')`)
  await db.execute(sql`
    insert into tickets (id, source, status, category_id, subject, description, opener_id, opener_name, opened_at, last_message_at)
    values (${ticket}, 'discord', 'closed', 'other', 'Help', 'I am Zebedee', '1234567890', 'Zebedee', now(), now())`)
  await db.execute(sql`
    insert into ticket_messages (id, ticket_id, origin, author_name, author_kind, content, sent_at)
    values (${message}, ${ticket}, 'discord', 'Zebedee', 'opener', 'I am Quill', now())`)
  await db.execute(sql`
    insert into ticket_attachments (id, ticket_id, message_id, external_id, name, content_type, size, status, key)
    values (gen_random_uuid(), ${ticket}, ${message}, '1', 'quill.png', 'image/png', 3, 'stored', 'tickets/1/2')`)
  // A guest's checkout that names nobody but an address, and a card that was theirs until then.
  await play(ctx, [guestCheckout("evt_guest", address), detachedCard("evt_detached", stripeId)])
  await db.execute(sql`
    insert into resend_events (svix_id, type, created_at, received_at, payload, status, next_attempt_at)
    values ('msg_test', 'email.sent', now(), now(), ${JSON.stringify({ to: [owner.email], subject: "[Test] Welcome, Zebedee Quill" })}, 'ignored', now())`)
  for (const [index, near] of [`a${address}`, `${address}.au`, `${address}m`, `x.${address}`, `o'${address}`].entries())
    await db.execute(sql`
      insert into resend_events (svix_id, type, created_at, received_at, payload, status, next_attempt_at)
      values (${`msg_near${index}`}, 'email.bounced', now(), now(), ${JSON.stringify({ to: [near] })}, 'received', now())`)
  await db.execute(sql`
    insert into resend_events (svix_id, type, created_at, received_at, payload, status, next_attempt_at, outbox_id)
    select 'msg_1', 'email.delivered', now(), now(), ${`{"to":["${address}"]}`}, 'applied', now(), id::text
    from email_outbox where customer_id = ${id} limit 1`)
})

describe("erasing a customer", () => {
  test("is refused without the right, without being asked, and while a subscription runs", async () => {
    const support = testContext({ db, now, actor: { ...owner, role: "ops" }, vendors: {} })
    await expect(erase(support)).rejects.toMatchObject({ code: "forbidden" })
    await expect(eraseCustomer(ctx, { id, confirmation: undefined })).rejects.toMatchObject({ code: "conflict" })
    const running = String((await db.execute(sql`select id from customers where email = ${other.email}`)).rows[0]?.id)
    expect(await askToErase(ctx, running)).toMatchObject({ running: true, confirmation: null })
  })

  test("waits for a mail that is on its way and for events that are not applied", async () => {
    await db.execute(sql`update email_outbox set status = 'sending' where customer_id = ${id} and step = 0`)
    await expect(erase()).rejects.toMatchObject({ code: "conflict" })
    await db.execute(sql`update email_outbox set status = 'sent' where customer_id = ${id} and step = 0`)
    await db.execute(
      sql`update stripe_events set status = 'retrying' where stripe_customer_id = ${stripeId} and type = 'customer.created'`,
    )
    await expect(erase()).rejects.toMatchObject({ code: "conflict" })
    await db.execute(sql`update stripe_events set status = 'applied' where status = 'retrying'`)
    expect((await whereIsThePerson()).length).toBeGreaterThan(20)
  })

  test("leaves no trace of the person in any table, and every amount as it was", async () => {
    const before = await money()
    const others = async () => (await db.execute(sql`select * from customers where email = ${other.email}`)).rows
    const untouched = await others()
    expect(before.length).toBeGreaterThan(2)
    await erase()
    expect((await whereIsThePerson()).filter((row) => !row.includes("msg_near"))).toEqual([])
    expect(await money()).toEqual(before)
    expect(await others()).toEqual(untouched)
    expect((await db.execute(sql`select key from file_deletions`)).rows).toEqual([{ key: "tickets/1/2" }])
    const due = await db.execute(sql`select from email_outbox where customer_id = ${id} and status = 'due'`)
    expect(due.rowCount).toBe(0)
  })

  test("leaves what others keep: a segment and a rule go on without the address, a neighbour's apostrophe is theirs", async () => {
    const conditions = await db.execute(
      sql`select condition from segments union all select condition from rules where id = 'a-friend'`,
    )
    expect(conditions.rows.map((row) => row.condition)).toEqual([
      { all: [{ field: "customer.email", op: "eq", value: "erased" }] },
      { field: "customer.email", op: "in", value: ["erased", other.email] },
    ])
  })

  test("touches nobody whose address holds the person's as a part", async () => {
    const kept = await db.execute(
      sql`select payload from resend_events where svix_id like 'msg_near%' order by svix_id`,
    )
    expect(kept.rows.map((row) => row.payload)).toEqual([
      `{"to":["a${address}"]}`,
      `{"to":["${address}.au"]}`,
      `{"to":["${address}m"]}`,
      `{"to":["x.${address}"]}`,
      `{"to":["o'${address}"]}`,
    ])
    await db.execute(sql`delete from resend_events where svix_id like 'msg_near%'`)
  })

  test("keeps who did what and when in the audit log, which still cannot be rewritten", async () => {
    const actions = await db.execute(
      sql`select action, actor_label from audit_log where subject_id in (${id}, 'erased') order by at, action`,
    )
    expect(actions.rows.map((row) => row.action)).toEqual(
      expect.arrayContaining(["customer.tagged", "address.suppressed", "customer.erased"]),
    )
    await expect(db.execute(sql`update audit_log set actor = 'nobody'`)).rejects.toThrow()
    await expect(db.execute(sql`update audit_log set after = '{"made": "up"}'`)).rejects.toThrow()
    await expect(db.execute(sql`delete from audit_log`)).rejects.toThrow()
  })

  test("twice is once", async () => {
    await eraseCustomer(ctx, { id, confirmation: undefined })
    const told = await db.execute(sql`select from audit_log where action = 'customer.erased'`)
    expect(told.rowCount).toBe(1)
  })

  test("is not undone by what Stripe sends later: money is kept, the person is not", async () => {
    const seen = log.events.length
    world.updateCustomer(stripeId, { name: "Zebedee Quill the Second" })
    const charge = world.all("charge").findLast((each) => each.customer === stripeId && each.refunded !== true)
    if (charge) world.refund(charge.id)
    const before = (await money()).length
    await play(ctx, log.events.slice(seen))
    expect(await whereIsThePerson()).toEqual([])
    expect((await money()).length).toBeGreaterThan(before)
    const left = await db.execute(sql`select name, email, country from customers where id = ${id}`)
    expect(left.rows).toEqual([{ name: null, email: null, country: "DE" }])
  })

  test("is not undone by events that are ignored, cannot be read, or fail", async () => {
    const person = { customer: stripeId, description: "Zebedee Quill" }
    await play(ctx, [
      eventOf("evt_unknown", "billing_portal.session.created", {
        object: { id: "bps_1", object: "billing_portal.session", ...person },
      }),
      eventOf("evt_broken", "invoice.paid", {
        object: { id: "in_broken", object: "invoice", lines: "Zebedee", ...person },
      }),
      detachedCard("evt_detached_late", stripeId),
    ])
    expect(await whereIsThePerson()).toEqual([])
    const found = await db.execute(
      sql`select id, status from stripe_events where id in ('evt_unknown', 'evt_broken') order by 1`,
    )
    expect(found.rows).toEqual([
      { id: "evt_broken", status: "ignored" },
      { id: "evt_unknown", status: "ignored" },
    ])
  })

  test("is not undone by what Resend tells late of a mail that went to them", async () => {
    const mail = String(
      (await db.execute(sql`select id from email_outbox where customer_id = ${id} and status = 'sent' limit 1`)).rows[0]
        ?.id,
    )
    const payload = {
      type: "email.bounced",
      created_at: now.toISOString(),
      data: {
        email_id: crypto.randomUUID(),
        created_at: now.toISOString(),
        from: "a@b.example",
        to: [address],
        subject: "Dear Zebedee",
        tags: { outbox_id: mail },
        bounce: { type: "Permanent", subType: "General", message: `550 ${address} is unknown` },
      },
    }
    await storeResendEvent(ctx, { svixId: "msg_late", body: payload, text: JSON.stringify(payload) })
    await applyResendEvents(ctx, { ids: ["msg_late"] })
    expect((await db.execute(sql`select status from resend_events where svix_id = 'msg_late'`)).rows).toEqual([
      { status: "applied" },
    ])
    expect((await db.execute(sql`select delivery from email_outbox where id = ${mail}`)).rows).toEqual([
      { delivery: "bounced" },
    ])
    expect(await whereIsThePerson()).toEqual([])
  })

  test("takes no notes and tags any more", async () => {
    await expect(addNote(ctx, { customerId: id, noteId: crypto.randomUUID(), text: "Zebedee" })).rejects.toMatchObject({
      code: "conflict",
    })
    await expect(changeTags(ctx, { id, add: ["quill"] })).rejects.toMatchObject({ code: "conflict" })
  })

  test("no mail of marketing goes to the address if it comes back, and what was stopped stays stopped", async () => {
    const kept = await db.execute(
      sql`select reason, "all" from suppressions where email like 'sha256:%' order by reason`,
    )
    expect(kept.rows).toEqual([
      { reason: "bounce", all: true },
      { reason: "erased", all: false },
      { reason: "erased", all: false },
      { reason: "manual", all: true },
      { reason: "unsubscribe", all: false },
    ])
  })
})
