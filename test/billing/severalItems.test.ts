import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { emptyDatabase } from "../support/databaseState.ts"
import { play, statuses, stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")
const second = Math.floor(now.getTime() / 1000) - 60

const product = (id: string, name: string) => ({
  id: `evt_${id}`,
  type: "product.created",
  created: second - 10,
  livemode: false,
  data: { object: { id, object: "product", name, active: true, metadata: {} } },
})
const customer = {
  id: "evt_customer",
  type: "customer.created",
  created: second - 5,
  livemode: false,
  data: { object: { id: "cus_1", object: "customer", email: "ada@example.com", created: second, currency: "eur" } },
}
const item = (index: number, productId: string, amount = 1000) => ({
  id: `si_${index}`,
  object: "subscription_item",
  quantity: 1,
  price: {
    id: `price_${index}`,
    object: "price",
    product: productId,
    currency: "eur",
    unit_amount: amount,
    unit_amount_decimal: String(amount),
    active: true,
    recurring: { interval: "month", interval_count: 1, usage_type: "licensed" },
  },
  current_period_start: second,
  current_period_end: second + 2_592_000,
})
const subscribed = (id: string, items: object[], hasMore = false) => ({
  id: `evt_${id}`,
  type: "customer.subscription.created",
  created: second,
  livemode: false,
  data: {
    object: {
      id,
      object: "subscription",
      customer: "cus_1",
      status: "active",
      currency: "eur",
      start_date: second,
      cancel_at_period_end: false,
      collection_method: "charge_automatically",
      items: { object: "list", data: items, has_more: hasMore },
    },
  },
})
const column = async (query: ReturnType<typeof sql>) =>
  (await db.execute(query)).rows.map((row) => Object.values(row)[0])

beforeEach(async () => {
  await emptyDatabase(db)
  await seedDefaults(testContext({ db, now, vendors: {} }))
  await db.execute(sql`
    insert into settings (name, value, updated_at)
    values ('productFilter', '{"mode": "only", "productIds": [], "namePrefixes": ["Ops"]}', now())
    on conflict (name) do update set value = excluded.value`)
})

test("a subscription of several items is ours by any one of them, keeps all, and is welcomed once", async () => {
  const ctx = testContext({ db, now, vendors: { stripe: stripeWith() } })
  await play(ctx, [
    product("prod_ops", "Ops Pro"),
    product("prod_vip", "VIP"),
    customer,
    subscribed("sub_both", [item(1, "prod_vip", 500), item(2, "prod_ops", 2000)]),
    subscribed("sub_vip", [item(3, "prod_vip", 700)]),
  ])
  expect(await column(sql`select id from subscriptions where relevant`)).toEqual(["sub_both"])
  expect(await column(sql`select id from subscription_items order by id`)).toEqual(["si_1", "si_2", "si_3"])
  expect(await column(sql`select amount::int from customer_mrr`)).toEqual([2500])
  expect(await column(sql`select subject_id from enrolments where sequence_id = 'welcome'`)).toEqual(["sub_both"])
  expect((await statuses(db)).evt_sub_vip).toContain("ignored")
})

test("items that Stripe cut at ten are read whole before anything is decided", async () => {
  const path = "/v1/subscription_items?subscription=sub_long&limit=100"
  const all = Array.from({ length: 12 }, (_, index) => item(index, index === 11 ? "prod_ops" : "prod_vip"))
  const stripe = stripeWith({
    [path]: { object: "list", data: all.slice(0, 7), has_more: true },
    [`${path}&starting_after=si_6`]: { object: "list", data: all.slice(7), has_more: false },
  })
  await play(testContext({ db, now, vendors: { stripe } }), [
    product("prod_ops", "Ops Pro"),
    product("prod_vip", "VIP"),
    customer,
    subscribed("sub_long", all.slice(0, 10), true),
  ])
  expect(stripe.asked.filter((path) => path.includes("subscription_items"))).toHaveLength(2)
  expect(await column(sql`select count(*)::int from subscription_items`)).toEqual([12])
  expect(await column(sql`select relevant from subscriptions`)).toEqual([true])
  expect(await column(sql`select subject_id from enrolments where sequence_id = 'welcome'`)).toEqual(["sub_long"])
})

test.each([100, 1])(
  "a refund of what is not ours is not confirmed, though the customer has something of ours (%i to a batch)",
  async (size) => {
    const ctx = testContext({ db, now, vendors: { stripe: stripeWith() } })
    const event = (type: string, object: object) => ({
      id: `evt_${type}`,
      type,
      created: second + 1,
      livemode: false,
      data: { object },
    })
    const money = { customer: "cus_1", currency: "eur", created: second }
    await play(ctx, [
      product("prod_ops", "Ops Pro"),
      product("prod_vip", "VIP"),
      customer,
      subscribed("sub_ops", [item(1, "prod_ops")]),
      subscribed("sub_vip", [item(2, "prod_vip")]),
    ])
    await play(
      ctx,
      [
        event("invoice.paid", {
          ...money,
          id: "in_vip",
          object: "invoice",
          status: "paid",
          subscription: "sub_vip",
          subtotal: 500,
          total: 500,
          amount_due: 500,
          amount_paid: 500,
          amount_remaining: 0,
          attempt_count: 1,
          lines: { data: [{ id: "il_1", amount: 500, price: { id: "price_2", product: "prod_vip" } }] },
        }),
        event("charge.succeeded", {
          ...money,
          id: "ch_vip",
          object: "charge",
          status: "succeeded",
          amount: 500,
          amount_captured: 500,
          amount_refunded: 0,
          invoice: "in_vip",
        }),
        event("refund.created", {
          ...money,
          id: "re_vip",
          object: "refund",
          charge: "ch_vip",
          status: "succeeded",
          amount: 500,
        }),
      ],
      size,
    )
    expect(await column(sql`select template_id from email_outbox where template_id like 'refund%'`)).toEqual([])
    expect((await statuses(db))["evt_refund.created"]).toContain("ignored")
  },
)
