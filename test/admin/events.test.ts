import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { screenshots } from "../support/browser.ts"
import { apiOf, playedHistory } from "../support/playedHistory.ts"
import { play, store } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
const now = new Date()
const hostile = `</pre><script>alert(1)</script>`

beforeAll(async () => {
  const { world } = playedHistory({ seed: 9, customers: 2, steps: 0, until: now })
  world.advanceClock(Math.floor(now.getTime() / 1000) - world.now() - 60)
  const fresh = world.createCustomer({ email: "fresh@example.com", name: "Fresh", country: "SE" })
  world.subscribe({ customer: fresh.id, price: "price_pro_eur_month", card: "works" })
  const ctx = testContext({ db, now, vendors: { stripe: apiOf(world, now) } })
  await seedDefaults(ctx)
  await play(ctx, world.events)
  await store(ctx, [
    {
      id: "evt_hostile",
      type: "invoice.paid",
      created: 1_790_000_000,
      livemode: false,
      data: { object: { id: hostile } },
    },
  ])
  await db.execute(sql`
    update stripe_events set status = 'failed', reason = ${`invoice.id is ${hostile}`}, attempts = 8, settled_at = now() where id = 'evt_hostile'`)
})

const status = async (id: string) =>
  (await db.execute<{ status: string }>(sql`select status from stripe_events where id = ${id}`)).rows[0]?.status

test("the inbox tells failed events from the others, with the reason", async () => {
  const viewer = await admin.as("viewer")
  const html = await (await viewer.get("/events?status=failed")).text()
  expect(html).toContain("evt_hostile")
  expect(html).not.toContain(hostile)
  expect(html).toContain("1 row")
  expect(await (await viewer.get("/events?type=customer.subscription.")).text()).toContain(
    "customer.subscription.created",
  )
  expect(await (await viewer.get("/events?type=customer.subscription.")).text()).not.toContain(">invoice.paid<")
})

test("an event tells what it changed: timeline, rule, mails", async () => {
  const viewer = await admin.as("viewer")
  const [row] = (
    await db.execute<{ id: string; subject: string }>(sql`
      select n.event_id as id, coalesce(t.name, '') as subject from enrolments n join email_outbox o on o.enrolment_id = n.id
        join templates t on t.id = o.template_id
      where n.event_id is not null and o.status = 'due' limit 1`)
  ).rows
  const html = await (await viewer.get(`/events/stripe/${row?.id}`)).text()
  expect(html).toContain("fired")
  expect(html).toContain(row?.subject)
  expect(html).toContain("Fresh")
})

test("staff replay one event, and every failed one after being asked again; it is audited", async () => {
  const ops = await admin.as("ops")
  expect((await ops.post("/events/stripe/evt_hostile/replay")).status).toBe(303)
  expect(await status("evt_hostile")).toBe("received")
  expect((await ops.post("/events/stripe/evt_hostile/replay")).status).toBe(409)
  await db.execute(sql`update stripe_events set status = 'failed' where id = 'evt_hostile'`)
  expect((await ops.post("/events/replay-failed/stripe")).status).toBe(409)
  const asked = await (await ops.get("/events/replay-failed/stripe")).text()
  const confirmation = /name="confirmation" value="([^"]+)"/.exec(asked)?.[1] ?? ""
  const answer = await ops.post("/events/replay-failed/stripe", { confirmation })
  expect(answer.headers.get("location")).toBe("/events?source=stripe&replayed=1")
  expect(await status("evt_hostile")).toBe("received")
  const log = await db.execute(sql`select subject_id from audit_log where action = 'events.replayed' order by at`)
  expect(log.rows.map((row) => row.subject_id)).toEqual(["evt_hostile", "evt_hostile", "several"])
  expect((await ops.post("/events/replay-failed/stripe", { confirmation })).status).toBe(409)
})

test("who may only read finds no button and is refused", async () => {
  const support = await admin.as("support")
  expect(await (await support.get("/events/stripe/evt_hostile")).text()).not.toContain(">Replay<")
  expect((await support.post("/events/stripe/evt_hostile/replay")).status).toBe(403)
  expect((await support.post("/events/replay-failed/stripe")).status).toBe(403)
})

test.each(["/events/stripe/evt_none", "/events/nobody/x", "/events/resend/%00"])("%s is not found", async (path) => {
  expect((await (await admin.as("viewer")).get(path)).status).toBeGreaterThanOrEqual(400)
  expect((await (await admin.as("viewer")).get(path)).status).toBeLessThan(500)
})

test("a mail tells why it exists; cancelling it leaves the rest of its sequence due", async () => {
  const support = await admin.as("support")
  const [mail] = (
    await db.execute<{ id: string; enrolment_id: string; due: number }>(sql`
      select id, enrolment_id, (select count(*)::int from email_outbox x where x.enrolment_id = o.enrolment_id and x.status = 'due') as due
      from email_outbox o where status = 'due' order by due_at, step limit 1`)
  ).rows
  if (!mail) throw new Error("Nothing is due.")
  expect(await (await support.get("/outbox?status=due")).text()).toContain(`/outbox/${mail.id}`)
  const html = await (await support.get(`/outbox/${mail.id}`)).text()
  expect(html).toContain("Why it exists")
  expect(html).toContain("/events/stripe/evt_")
  expect((await support.post(`/outbox/${mail.id}/cancel`)).status).toBe(303)
  const after = await db.execute(sql`
    select (select status from email_outbox where id = ${mail.id}) as status,
      (select count(*)::int from email_outbox where enrolment_id = ${mail.enrolment_id} and status = 'due') as due`)
  expect(after.rows).toEqual([{ status: "cancelled", due: mail.due - 1 }])
  expect((await support.post(`/outbox/${mail.id}/retry`)).status).toBe(409)
})

test("a failed mail is sent after all; its text is shown in a frame that can do nothing", async () => {
  const support = await admin.as("support")
  const [mail] = (
    await db.execute<{ id: string }>(sql`
    update email_outbox set status = 'failed', reason = 'Resend refused it', message = ${JSON.stringify({
      from: "a@example.com",
      to: "b@example.com",
      subject: `Hello ${hostile}`,
      html: `<p>Hello</p><script>alert(1)</script>`,
      text: hostile,
    })}::jsonb where id = (select id from email_outbox where status = 'due' limit 1) returning id`)
  ).rows
  const preview = await support.get(`/outbox/${mail?.id}/preview`)
  const policy = preview.headers.get("content-security-policy") ?? ""
  expect(policy).toContain("sandbox")
  expect(policy).not.toContain("script-src")
  expect(policy).toContain("default-src 'none'")
  const html = await (await support.get(`/outbox/${mail?.id}`)).text()
  expect(html).toContain('sandbox=""')
  expect(html).not.toContain(hostile)
  expect((await support.post(`/outbox/${mail?.id}/retry`)).status).toBe(303)
  const after = await db.execute(sql`select status, reason from email_outbox where id = ${mail?.id}`)
  expect(after.rows).toEqual([{ status: "due", reason: null }])
})

test("the pages in a browser", async () => {
  const { page, problems } = await admin.browser("owner")
  const [mail] = (await db.execute<{ id: string }>(sql`select id from email_outbox order by due_at limit 1`)).rows
  for (const [name, path] of [
    ["events", "/events"],
    ["event", "/events/stripe/evt_hostile"],
    ["outbox", "/outbox"],
    ["mail", `/outbox/${mail?.id}`],
  ] as const) {
    await page.goto(path)
    await screenshots(page, `admin-${name}`)
    await expectAccessible(page)
    const wider = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth")
    expect(wider, `${path} scrolls sideways on a phone`).toBeLessThanOrEqual(0)
  }
  expect(problems).toEqual([])
})
