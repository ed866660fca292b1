import { sql } from "drizzle-orm"
import { beforeEach, describe, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { emptyDatabase } from "../support/databaseState.ts"
import { play, stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")
const second = Math.floor(now.getTime() / 1000) - 60
const day = 86_400

const event = (id: string, type: string, object: object, created = second) => ({
  id: `evt_${id}`,
  type,
  created,
  livemode: false,
  data: { object },
})
const customer = event("customer", "customer.created", {
  id: "cus_1",
  object: "customer",
  email: "ada@example.com",
  created: second - 90 * day,
})
const subscription = (product: string, change: object = {}) => ({
  id: "sub_1",
  object: "subscription",
  customer: "cus_1",
  status: "active",
  currency: "eur",
  start_date: second - 60 * day,
  cancel_at_period_end: false,
  collection_method: "charge_automatically",
  items: {
    object: "list",
    data: [
      {
        id: "si_1",
        object: "subscription_item",
        quantity: 1,
        price: {
          id: `price_${product}`,
          object: "price",
          product,
          currency: "eur",
          unit_amount: 1000,
          active: true,
          recurring: { interval: "month", interval_count: 1, usage_type: "licensed" },
        },
        current_period_start: second,
        current_period_end: second + 30 * day,
      },
    ],
  },
  ...change,
})
const begun = event("begun", "customer.subscription.created", subscription("prod_own"), second - 60 * day)
const ended = (change: object = {}) =>
  event("ended", "customer.subscription.deleted", {
    ...subscription("prod_own", { status: "canceled", canceled_at: second, ended_at: second }),
    ...change,
  })

const products = {
  "/v1/products/prod_own": { id: "prod_own", object: "product", name: "Ops Pro", active: true, metadata: {} },
  "/v1/products/prod_vip": { id: "prod_vip", object: "product", name: "VIP", active: true, metadata: {} },
}
const context = (objects: Record<string, Record<string, unknown>> = {}) =>
  testContext({ db, now, vendors: { stripe: stripeWith({ ...products, ...objects }) } })
const stage = async () => (await db.execute(sql`select stage from customers`)).rows[0]?.stage
const mails = async () =>
  (
    await db.execute(sql`
      select o.template_id || ': ' || case when e.status = 'exited' then e.exit_reason else o.status end as mail
      from email_outbox o join enrolments e on e.id = o.enrolment_id order by o.created_at, o.step, 1`)
  ).rows.map((row) => row.mail)

beforeEach(async () => {
  await emptyDatabase(db)
  await seedDefaults(testContext({ db, now, vendors: {} }))
})

describe("a customer of whom the end of a subscription is learnt first", () => {
  test("has left, and is asked back", async () => {
    await play(context(), [customer, ended()])
    expect(await stage()).toBe("churned")
    expect(await mails()).toEqual(["win-back: due"])
  })

  test("whose trial it was that ended has never paid, and is not", async () => {
    await play(context(), [customer, ended({ trial_start: second - 60 * day, trial_end: second })])
    expect(await stage()).toBe("lead")
    expect(await mails()).not.toContain("win-back: due")
  })

  test("is the same once the beginning is learnt", async () => {
    await play(context(), [customer, ended(), begun], 1)
    expect(await stage()).toBe("churned")
    expect(await mails()).toContain("win-back: due")
  })
})

test("who moves to a product that is not ours has left: what is about the subscription ends", async () => {
  await db.execute(
    sql`insert into settings values ('productFilter', '{"mode": "only", "productIds": [], "namePrefixes": ["Ops"]}', now())`,
  )
  await play(context(), [customer, event("begun", "customer.subscription.created", subscription("prod_own"))], 1)
  expect(await stage()).not.toBe("churned")
  expect(await mails()).toContain("setup-tips: due")
  await play(context(), [event("moved", "customer.subscription.updated", subscription("prod_vip"), second + 1)])
  expect(await stage()).toBe("churned")
  expect(new Set(await mails())).toEqual(
    new Set(
      ["welcome", "setup-tips", "onboarding-day-2", "onboarding-day-4", "onboarding-day-7"].map(
        (mail) => `${mail}: the subscription is no longer one of our products`,
      ),
    ),
  )
})

describe("a refund", () => {
  const refund = (id: string, status: string) => ({
    id,
    object: "refund",
    charge: "ch_1",
    payment_intent: "pi_1",
    status,
    amount: 500,
    currency: "eur",
    created: second,
  })
  const charge = {
    id: "ch_1",
    object: "charge",
    customer: "cus_1",
    payment_intent: "pi_1",
    status: "succeeded",
    amount: 1000,
    amount_captured: 1000,
    amount_refunded: 500,
    currency: "eur",
    created: second,
  }
  const paid = event("paid", "charge.succeeded", charge)
  const succeeded = event("succeeded", "refund.created", refund("re_1", "succeeded"))
  const another = event("another", "refund.created", refund("re_2", "succeeded"))
  const failed = event("failed", "refund.failed", refund("re_1", "failed"), second + 1)

  test.each([
    ["failed", [succeeded, another, failed]],
    ["failed, as was learnt first", [failed, succeeded, another]],
  ])("that %s is not confirmed; another one is", async (_how, events) => {
    await play(context(), [customer, paid, ...events], 1)
    expect((await mails()).toSorted()).toEqual(["refund-confirmed: due", "refund-confirmed: the refund failed"])
  })

  test("of which only the charge tells, without the list of its refunds, is read from Stripe", async () => {
    const listed = { "/v1/refunds?charge=ch_1&limit=100": { data: [refund("re_1", "succeeded")], has_more: false } }
    await play(context(listed), [customer, event("refunded", "charge.refunded", charge)])
    expect(await mails()).toEqual(["refund-confirmed: due"])
  })
})
