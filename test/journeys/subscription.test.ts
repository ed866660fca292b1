import { sql } from "drizzle-orm"
import { beforeAll, expect, test, vi } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const { db } = database
const workers = useWorkers(database, ["webhooks", "email", "jobs"])

beforeAll(async () => {
  await seedDefaults(testContext({ db, vendors: {} }))
})

const subjects = () => workers.fakes.mailbox.mails.map(({ subject }) => subject)
const until = <Value>(read: () => Value | Promise<Value>, check: (value: Value) => void) =>
  vi.waitFor(async () => check(await read()), { timeout: 15_000, interval: 100 })
const rows = async (query: ReturnType<typeof sql>) => (await db.execute(query)).rows

test("a customer subscribes, fails to pay, pays and leaves, and is told of each once", async () => {
  const { stripe } = workers.fakes
  const customer = stripe.createCustomer({ email: "ada@example.com", name: "Ada", country: "DE" })
  const subscription = stripe.subscribe({ customer: customer.id, price: "price_pro_eur_month" })
  await until(subjects, (mails) => expect(mails).toEqual(["Welcome to Example Hosting"]))
  await until(
    () => rows(sql`select stage, email from customers`),
    (found) => expect(found).toEqual([{ stage: "purchase", email: "ada@example.com" }]),
  )

  // Each in a second of its own: more than seconds Stripe does not tell.
  stripe.advanceClock(2)
  stripe.setCard(customer.id, "insufficient_funds")
  stripe.renewNow(subscription.id)
  await until(subjects, (mails) => expect(mails).toContain("Your payment did not go through"))
  expect(workers.fakes.mailbox.mails.at(-1)?.text).toContain("did not hold enough")
  await until(
    () => rows(sql`select status from enrolments where sequence_id = 'dunning'`),
    (found) => expect(found).toEqual([{ status: "active" }]),
  )

  stripe.advanceClock(2)
  stripe.setCard(customer.id, "works")
  const [open] = stripe.all("invoice").filter(({ status }) => status === "open")
  stripe.pay(String(open?.id))
  await until(subjects, (mails) => expect(mails).toContain("Thank you, your payment arrived"))
  await until(
    () => rows(sql`select status, exit_reason from enrolments where sequence_id = 'dunning'`),
    (found) => expect(found).toEqual([{ status: "exited", exit_reason: "the invoice is settled" }]),
  )
  expect(
    await rows(
      sql`select distinct o.status from email_outbox o join enrolments e on e.id = o.enrolment_id where e.sequence_id = 'dunning' and o.step > 0`,
    ),
  ).toEqual([{ status: "cancelled" }])

  stripe.advanceClock(2)
  stripe.cancel(subscription.id, { atPeriodEnd: true, feedback: "too_expensive" })
  await until(subjects, (mails) => expect(mails).toContain("Your cancellation is confirmed"))
  stripe.advanceClock(2)
  stripe.cancel(subscription.id)
  await until(
    () => rows(sql`select stage from customers`),
    (found) => expect(found).toEqual([{ stage: "churned" }]),
  )
  await workers.fakes.settled()
  expect(subjects().sort()).toEqual([
    "Thank you, your payment arrived",
    "Welcome to Example Hosting",
    "Your cancellation is confirmed",
    "Your payment did not go through",
  ])
  expect(await rows(sql`select stage from stage_history order by since`)).toEqual(
    ["purchase", "at_risk", "purchase", "at_risk", "churned"].map((stage) => ({ stage })),
  )
  // Why each mail exists: event, rule, step.
  const why = await rows(sql`
    select count(*)::int as mails from email_outbox o join enrolments e on e.id = o.enrolment_id
    join rule_firings f on f.rule_id = e.rule_id and f.change_key = e.change_key
    join stripe_events s on s.id = f.event_id where o.status = 'sent' and o.step is not null`)
  expect(why).toEqual([{ mails: 4 }])
})

test("an event whose queue message was lost is applied by the sweep", async () => {
  const { stripe } = workers.fakes
  await db.execute(sql`insert into stripe_events (id, type, livemode, created_at, received_at, payload, next_attempt_at)
    values ('evt_lost', 'product.created', false, now(), now() - interval '5 minutes',
      ${JSON.stringify({ id: "evt_lost", type: "product.created", data: { object: { ...stripe.get("prod_pro"), id: "prod_lost", name: "Lost and found" } } })}, now() - interval '5 minutes')`)
  expect(await workers.runJob("events")).toEqual({
    outcome: "succeeded",
    counts: { stripe: 1, resend: 0 },
    error: null,
  })
  await until(
    () => rows(sql`select name from products where id = 'prod_lost'`),
    (found) => expect(found).toEqual([{ name: "Lost and found" }]),
  )
})
