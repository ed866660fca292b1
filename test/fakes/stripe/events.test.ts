import Stripe from "stripe"
import { beforeEach, describe, expect, test } from "vitest"
import { stripeClient } from "../support/stripeClient.ts"
import { useFakes } from "../support/useFakes.ts"
import { webhookReceiver } from "../support/webhookReceiver.ts"

let status = 200
const receiver = webhookReceiver(() => status)
const secret = "whsec_test_secret"
const stand = useFakes({
  deliver: receiver.deliver,
  stripe: { requestsPerSecond: 0, webhookSecret: secret, accountId: "acct_test" },
})
beforeEach(() => {
  status = 200
  receiver.received.length = 0
})
const eventsOf = (type: string) => stand.fakes.stripe.events.filter((event) => event.type === type)

test("a webhook is signed with the wall's time, also when Stripe's clock is far ahead", async () => {
  stand.fakes.stripe.advanceClock(400 * 86_400)
  const { created } = stand.fakes.stripe.createCustomer({ email: "a@example.com" })
  await stand.fakes.settled()
  const [webhook] = receiver.received
  const event = await new Stripe("sk_unused").webhooks.constructEventAsync(
    webhook?.body ?? "",
    webhook?.headers["stripe-signature"] ?? "",
    secret,
  )
  expect(event).toMatchObject({
    type: "customer.created",
    created,
    account: "acct_test",
    api_version: "2026-10-28.endive",
    livemode: false,
    request: { id: null, idempotency_key: null },
  })
  expect(created - Date.now() / 1000).toBeGreaterThan(399 * 86_400)
})

test("the first payment of a customer tells everything that happens, in one second", async () => {
  const { stripe } = stand.fakes
  const customer = stripe.createCustomer({ email: "a@example.com", country: "DE" }).id
  stripe.subscribe({ customer, price: "price_pro_eur_month" })
  await stand.fakes.settled()
  expect(receiver.types().toSorted()).toEqual(
    [
      "charge.succeeded",
      "customer.created",
      "customer.subscription.created",
      "customer.subscription.updated",
      "customer.updated",
      "customer.updated",
      "invoice.created",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_succeeded",
      "invoice.updated",
      "invoice_payment.paid",
      "payment_intent.created",
      "payment_intent.succeeded",
      "payment_method.attached",
    ].toSorted(),
  )
  expect(new Set(stripe.events.map(({ created }) => created)).size).toBeLessThanOrEqual(2)
})

describe("previous_attributes", () => {
  test("tell what was, key by key, and lists as a whole", () => {
    const { stripe } = stand.fakes
    const customer = stripe.createCustomer({ email: "a@example.com" }).id
    const { id } = stripe.subscribe({ customer, price: "price_starter_eur_month" })
    stripe.cancel(id, { atPeriodEnd: true, feedback: "too_expensive" })
    expect(eventsOf("customer.subscription.updated").at(-1)?.data.previous_attributes).toEqual({
      cancel_at: null,
      cancel_at_period_end: false,
      canceled_at: null,
      cancellation_details: { feedback: null, reason: null },
    })
    stripe.changePlan(id, "price_pro_eur_month")
    expect(eventsOf("customer.subscription.updated").at(-1)?.data.previous_attributes).toMatchObject({
      items: { data: [{ price: { id: "price_starter_eur_month" } }] },
    })
  })

  test("are absent where nothing is compared, and a change of nothing is no event", () => {
    const { stripe } = stand.fakes
    const { id } = stripe.createCustomer({ name: "A" })
    stripe.updateCustomer(id, { name: "A" })
    expect(eventsOf("customer.updated")).toEqual([])
    expect(eventsOf("customer.created")[0]?.data).not.toHaveProperty("previous_attributes")
  })
})

test("an event of an API request names it and its idempotency key", async () => {
  const made = await stripeClient(stand.fakes.url).customers.create({ name: "A" }, { idempotencyKey: "key-1" })
  const [event] = eventsOf("customer.created")
  expect(event?.request).toEqual({ id: made.lastResponse.requestId, idempotency_key: "key-1" })
})

test("what is not taken is tried again, then listed as undelivered until it is sent again", async () => {
  status = 500
  const { stripe } = stand.fakes
  stripe.createCustomer({ name: "A" })
  await stand.fakes.settled()
  expect(receiver.received).toHaveLength(3)
  expect(stand.fakes.events.deliveries[0]).toMatchObject({ status: "failed", attempts: [{ status: 500 }, {}, {}] })
  const client = stripeClient(stand.fakes.url)
  const undelivered = async () => (await client.events.list({ delivery_success: false })).data.map(({ type }) => type)
  expect(await undelivered()).toEqual(["customer.created"])

  status = 200
  stand.fakes.events.webhooks.resendUndelivered()
  await stand.fakes.settled()
  expect(await undelivered()).toEqual([])
  const [event] = (await client.events.list({ delivery_success: true })).data
  expect(event).toMatchObject({ type: "customer.created", pending_webhooks: 0 })
  expect(new Set(receiver.received.map(({ body }) => JSON.parse(body).id)).size).toBe(1)
})

test("events are listed for 30 days, by type and backwards from one that is known", async () => {
  const { stripe } = stand.fakes
  const client = stripeClient(stand.fakes.url)
  stripe.createCustomer({ name: "old" })
  stripe.advanceClock(31 * 86_400)
  const customer = stripe.createCustomer({ name: "new" }).id
  stripe.subscribe({ customer, price: "price_pro_eur_month" })
  const all = (await client.events.list({ limit: 100 })).data
  expect(all.filter(({ type }) => type === "customer.created")).toHaveLength(1)
  const paid = await client.events.list({ types: ["invoice.paid", "charge.succeeded"] })
  expect(paid.data.map(({ type }) => type)).toEqual(["invoice.paid", "charge.succeeded"])
  expect((await client.events.list({ type: "invoice.*" })).data.length).toBeGreaterThan(3)
  const [oldest] = all.slice(-1)
  const since: string[] = []
  for await (const { id } of client.events.list({ ending_before: oldest?.id ?? "", limit: 4 })) since.push(id)
  expect(since).toEqual(
    all
      .slice(0, -1)
      .map(({ id }) => id)
      .toReversed(),
  )
})

test("refunds and disputes tell their steps", async () => {
  const { stripe } = stand.fakes
  const customer = stripe.createCustomer({ email: "a@example.com" }).id
  const first = stripe.subscribe({ customer, price: "price_pro_eur_month" })
  const before = stripe.events.length
  stripe.refund(first.latest_invoice ?? "", 500)
  const second = stripe.subscribe({ customer, price: "price_starter_eur_month" })
  const between = stripe.events.length
  stripe.closeDispute(stripe.dispute(second.latest_invoice ?? "").id, "won")
  const types = stripe.events.map(({ type }) => type)
  expect(types.slice(before, before + 3)).toEqual(["refund.created", "charge.refunded", "refund.updated"])
  expect(types.slice(between)).toEqual([
    "charge.dispute.created",
    "charge.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.closed",
    "charge.dispute.funds_reinstated",
  ])
  expect(eventsOf("charge.refunded")[0]?.data.previous_attributes).toEqual({ amount_refunded: 0 })
})
