import Stripe from "stripe"
import { beforeEach, describe, expect, test } from "vitest"
import { startFakes } from "../server.ts"
import { stripeClient } from "../support/stripeClient.ts"
import { useFakes } from "../support/useFakes.ts"

const stand = useFakes({ stripe: { requestsPerSecond: 0 } })
let stripe: Stripe
beforeEach(() => {
  stripe = stripeClient(stand.fakes.url)
})

const refusal = async (work: Promise<unknown>): Promise<Stripe.errors.StripeError> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (error instanceof Stripe.errors.StripeError) return error
  throw new Error(`It was not refused: ${String(error)}`)
}
const raw = (path: string, init: RequestInit = {}) =>
  fetch(`${stand.fakes.url}/stripe/v1${path}`, {
    ...init,
    headers: { authorization: "Bearer sk_test_fake", ...init.headers },
  })

test("a customer is created, changed, found by e-mail and deleted", async () => {
  const ada = await stripe.customers.create({
    email: "ada@example.com",
    name: "Ada",
    address: { country: "DE" },
    metadata: { plan: "a", gone: "b" },
  })
  const changed = await stripe.customers.update(ada.id, { name: "Ada L.", metadata: { gone: "", added: "c" } })
  expect(changed).toMatchObject({ name: "Ada L.", email: "ada@example.com", metadata: { plan: "a", added: "c" } })
  expect(changed.metadata).not.toHaveProperty("gone")
  expect((await stripe.customers.list({ email: "ada@example.com" })).data.map(({ id }) => id)).toEqual([ada.id])
  await stripe.customers.del(ada.id)
  expect(await stripe.customers.retrieve(ada.id)).toMatchObject({ id: ada.id, deleted: true })
  expect((await stripe.customers.list()).data).toEqual([])
})

describe("refusals", () => {
  test("an unknown id is missing, with the parameter", async () => {
    const error = await refusal(stripe.customers.retrieve("cus_nobody"))
    expect(error).toMatchObject({
      statusCode: 404,
      code: "resource_missing",
      param: "id",
      message: "No such customer: 'cus_nobody'",
    })
    expect(error.requestId).toMatch(/^req_/)
  })

  test("an unknown parameter is named, nested ones too", async () => {
    const answer = await raw("/subscriptions?products[0]=prod_pro")
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: { type: "invalid_request_error", code: "parameter_unknown", param: "products" },
    })
    const nested = await raw("/customers", { method: "POST", body: new URLSearchParams({ "address[planet]": "Mars" }) })
    expect(await nested.json()).toMatchObject({ error: { code: "parameter_unknown", param: "address[planet]" } })
  })

  test("a missing parameter and a wrong number are named", async () => {
    expect(await (await raw("/subscriptions", { method: "POST", body: "" })).json()).toMatchObject({
      error: { code: "parameter_missing", param: "customer" },
    })
    expect(await (await raw("/customers?limit=ten")).json()).toMatchObject({
      error: { code: "parameter_invalid_integer", param: "limit" },
    })
    expect((await raw("/customers?limit=101")).status).toBe(400)
  })

  test("a wrong key, no key and basic authentication", async () => {
    expect((await refusal(stripeClient(stand.fakes.url, "sk_test_other").customers.list())).statusCode).toBe(401)
    expect((await fetch(`${stand.fakes.url}/stripe/v1/customers`)).status).toBe(401)
    const basic = `Basic ${Buffer.from("sk_test_fake:").toString("base64")}`
    expect((await raw("/customers", { headers: { authorization: basic } })).status).toBe(200)
  })

  test("an address that does not exist", async () => {
    expect((await raw("/unicorns")).status).toBe(404)
  })
})

describe("lists", () => {
  const names = async (params: Stripe.CustomerListParams) => {
    const page = await stripe.customers.list(params)
    return { names: page.data.map(({ name }) => name).join(""), more: page.has_more }
  }

  test("are newest first and ten long unless asked otherwise, both ways by cursor", async () => {
    const ids = [..."abcdefghijklmno"].map((name) => stand.fakes.stripe.createCustomer({ name }).id)
    expect(await names({})).toEqual({ names: "onmlkjihgf", more: true })
    expect(await names({ starting_after: ids[5] ?? "" })).toEqual({ names: "edcba", more: false })
    expect(await names({ ending_before: ids[5] ?? "", limit: 3 })).toEqual({ names: "ihg", more: true })
    expect(await names({ ending_before: ids[12] ?? "", limit: 3 })).toEqual({ names: "on", more: false })
    const all: string[] = []
    for await (const { name } of stripe.customers.list({ limit: 4 })) all.push(name ?? "")
    expect(all.join("")).toBe("onmlkjihgfedcba")
    expect((await refusal(stripe.customers.list({ starting_after: "cus_nobody" }))).code).toBe("resource_missing")
  })

  test("take bounds of created", async () => {
    const { stripe: world } = stand.fakes
    const [early, late] = ["early", "late"].map((name) => {
      const made = world.createCustomer({ name })
      world.advanceClock(100)
      return made.created
    })
    expect((await names({ created: { gte: late ?? 0 } })).names).toBe("late")
    expect((await names({ created: { lt: late ?? 0 } })).names).toBe("early")
    expect((await names({ created: { gt: early ?? 0, lte: late ?? 0 } })).names).toBe("late")
    expect((await names({ created: early ?? 0 })).names).toBe("early")
  })

  test("of subscriptions leave canceled ones out unless asked for all or for them", async () => {
    const { stripe: world } = stand.fakes
    const customer = world.createCustomer({ email: "a@example.com" }).id
    const [gone, kept] = ["price_pro_eur_month", "price_starter_eur_month"].map(
      (price) => world.subscribe({ customer, price }).id,
    )
    world.cancel(gone ?? "")
    const ids = async (params: Stripe.SubscriptionListParams) =>
      (await stripe.subscriptions.list(params)).data.map(({ id }) => id)
    expect(await ids({})).toEqual([kept])
    expect(await ids({ status: "all" })).toEqual([kept, gone])
    expect(await ids({ status: "canceled" })).toEqual([gone])
    expect(await ids({ status: "all", price: "price_pro_eur_month" })).toEqual([gone])
    expect(await ids({ customer: "cus_other" })).toEqual([])
  })

  test("inside an object end after ten; the rest is at their url", async () => {
    const customer = stand.fakes.stripe.createCustomer({ email: "many@example.com" }).id
    const prices = Array.from({ length: 12 }, (_, index) => ({ price: "price_pro_eur_month", quantity: index + 1 }))
    const made = await stripe.subscriptions.create({ customer, items: prices })
    expect(made.items).toMatchObject({ has_more: true, url: `/v1/subscription_items?subscription=${made.id}` })
    expect(made.items.data).toHaveLength(10)
    const items: (number | undefined)[] = []
    for await (const item of stripe.subscriptionItems.list({ subscription: made.id, limit: 5 }))
      items.push(item.quantity)
    expect(items).toEqual(Array.from({ length: 12 }, (_, index) => index + 1))
    const invoice = await stripe.invoices.retrieve(String(made.latest_invoice))
    expect(invoice.lines.has_more).toBe(true)
    const lines = await stripe.invoices.listLineItems(invoice.id ?? "", { limit: 100 })
    expect(lines.data).toHaveLength(12)
  })
})

test("what is asked for is expanded, in lists too", async () => {
  const { stripe: world } = stand.fakes
  const customer = world.createCustomer({ email: "a@example.com", country: "DE" }).id
  const { id } = world.subscribe({ customer, price: "price_pro_eur_month" })
  const found = await stripe.subscriptions.retrieve(id, {
    expand: ["latest_invoice.payments", "customer", "items.data.price.product"],
  })
  expect(found).toMatchObject({
    customer: { email: "a@example.com" },
    items: { data: [{ price: { product: { name: "Ops Pro" } } }] },
    latest_invoice: { status: "paid", payments: { data: [{ status: "paid", payment: { type: "payment_intent" } }] } },
  })
  const page = await stripe.invoices.list({ expand: ["data.customer", "data.payments"] })
  expect(page.data[0]).toMatchObject({ customer: { id: customer }, payments: { object: "list" } })
  const refused = await refusal(stripe.customers.retrieve(customer, { expand: ["colour"] }))
  expect(refused.message).toContain("cannot be expanded")
})

describe("an idempotency key", () => {
  const create = (key: string, email: string) =>
    raw("/customers", {
      method: "POST",
      headers: { "idempotency-key": key },
      body: new URLSearchParams({ email }),
    })

  test("answers the same request the same, and refuses another", async () => {
    const first = await create("k1", "a@example.com")
    const again = await create("k1", "a@example.com")
    expect(await again.json()).toEqual(await first.json())
    expect(again.headers.get("idempotent-replayed")).toBe("true")
    expect(stand.fakes.stripe.all("customer")).toHaveLength(1)
    const other = await create("k1", "b@example.com")
    expect([other.status, await other.json()]).toMatchObject([400, { error: { type: "idempotency_error" } }])
  })

  test("in use by a request under way is a conflict", async () => {
    stand.fakes.faults.set("stripe", { latency: { count: 1, milliseconds: 400 } })
    const statuses = (await Promise.all([create("k2", "a@example.com"), create("k2", "a@example.com")])).map(
      ({ status }) => status,
    )
    expect(statuses.sort()).toEqual([200, 409])
    expect(stand.fakes.stripe.all("customer")).toHaveLength(1)
  })
})

test("the writes that our code needs: plans, discounts, pauses, payments and refunds", async () => {
  const { stripe: world } = stand.fakes
  const customer = world.createCustomer({ email: "a@example.com" }).id
  const { id } = world.subscribe({ customer, price: "price_starter_eur_month" })
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: "forever" })
  const updated = await stripe.subscriptions.update(id, { discounts: [{ coupon: coupon.id }], metadata: { seat: "1" } })
  expect(updated.discounts).toHaveLength(1)
  const expanded = await stripe.subscriptions.retrieve(id, { expand: ["discounts"] })
  expect(expanded.discounts[0]).toMatchObject({ object: "discount", source: { coupon: coupon.id, type: "coupon" } })
  await stripe.subscriptions.update(id, { pause_collection: { behavior: "void" } })
  expect((await stripe.subscriptions.update(id, { pause_collection: "" })).pause_collection).toBeNull()
  const [item] = updated.items.data
  const moved = await stripe.subscriptions.update(id, { items: [{ id: item?.id ?? "", price: "price_pro_eur_month" }] })
  expect(moved.items.data[0]?.price.id).toBe("price_pro_eur_month")

  const failed = world.failPayment(id)
  const refused = await refusal(stripe.invoices.pay(failed.id))
  expect(refused).toMatchObject({ statusCode: 402, code: "card_declined", decline_code: "insufficient_funds" })
  world.setCard(customer, "works")
  expect((await stripe.invoices.pay(failed.id)).status).toBe("paid")
  const [charge] = (await stripe.charges.list({ customer, limit: 1 })).data
  const refund = await stripe.refunds.create({ charge: charge?.id ?? "", amount: 100 })
  expect(refund).toMatchObject({ amount: 100, status: "succeeded", charge: charge?.id })
  expect((await stripe.refunds.list({ charge: charge?.id ?? "" })).data).toHaveLength(1)
  expect((await stripe.subscriptions.cancel(id)).status).toBe("canceled")
})

test("over the rate limit the answer is 429 and says why", async () => {
  const limited = await startFakes({ stripe: { requestsPerSecond: 3 } })
  try {
    const ask = () => fetch(`${limited.url}/stripe/v1/customers`, { headers: { authorization: "Bearer sk_test_fake" } })
    const answers = await Promise.all(Array.from({ length: 8 }, ask))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.headers.get("stripe-rate-limited-reason")).toBe("global-rate")
    expect(await refused[0]?.json()).toMatchObject({ error: { code: "rate_limit" } })
  } finally {
    await limited.close()
  }
})
