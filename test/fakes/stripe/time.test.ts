import { describe, expect, test } from "vitest"
import { useFakes } from "../support/useFakes.ts"
import type { Invoice } from "./wire.ts"

const day = 86_400
const stand = useFakes({ now: () => new Date("2026-01-31T12:00:00Z") })
const world = () => stand.fakes.stripe
const customerFrom = (country: string) => world().createCustomer({ email: "a@example.com", country }).id
const typesSince = (index: number) =>
  world()
    .events.slice(index)
    .map(({ type }) => type)
const latest = (subscription: { latest_invoice: string | null }): Invoice =>
  world().account.store.need("invoice", subscription.latest_invoice)
const iso = (seconds: number) => new Date(seconds * 1000).toISOString()

describe("a trial", () => {
  test("is announced three days before it ends, then turns into a paid period", () => {
    const subscription = world().subscribe({
      customer: customerFrom("US"),
      price: "price_pro_usd_month",
      trialDays: 14,
    })
    expect(subscription.status).toBe("trialing")
    expect(latest(subscription)).toMatchObject({ status: "paid", total: 0, billing_reason: "subscription_create" })
    const start = world().events.length
    world().advanceClock(11 * day - 60)
    expect(typesSince(start)).toEqual([])
    world().advanceClock(60)
    expect(typesSince(start)).toEqual(["customer.subscription.trial_will_end"])
    world().advanceClock(3 * day)
    expect(subscription.status).toBe("active")
    expect(latest(subscription)).toMatchObject({
      status: "draft",
      amount_due: 3200,
      billing_reason: "subscription_cycle",
    })
    world().advanceClock(3600)
    expect(latest(subscription)).toMatchObject({ status: "paid", amount_paid: 3200 })
    expect(typesSince(start)).not.toContain("customer.subscription.deleted")
  })

  test("without a card is paused when it ends, and resumes when there is one", () => {
    const customer = customerFrom("US")
    const subscription = world().subscribe({ customer, price: "price_pro_usd_month", trialDays: 7, card: null })
    const start = world().events.length
    world().advanceClock(8 * day)
    expect(subscription.status).toBe("paused")
    expect(typesSince(start)).toEqual([
      "customer.subscription.trial_will_end",
      "customer.subscription.updated",
      "customer.subscription.paused",
    ])
    world().addCard(customer, "works")
    world().resume(subscription.id)
    expect(subscription.status).toBe("active")
    expect(typesSince(start)).toContain("customer.subscription.resumed")
    expect(latest(subscription).status).toBe("paid")
  })

  test("shorter than the notice is announced when it starts", () => {
    const start = world().events.length
    world().subscribe({ customer: customerFrom("US"), price: "price_pro_usd_month", trialDays: 2 })
    world().advanceClock(86_400)
    expect(typesSince(start).filter((type) => type === "customer.subscription.trial_will_end")).toHaveLength(1)
  })

  test("that comes with the price starts by itself", () => {
    const made = world().subscribe({ customer: customerFrom("DE"), price: "price_pro_eur_month_trial" })
    expect(made).toMatchObject({ status: "trialing", trial_end: made.created + 7 * day })
  })
})

describe("a renewal", () => {
  test("drafts an invoice, collects it an hour later, and keeps the day of the month", () => {
    const subscription = world().subscribe({ customer: customerFrom("DE"), price: "price_pro_eur_month" })
    const ends: string[] = []
    for (let month = 0; month < 4; month++) {
      const [item] = subscription.items.data
      ends.push(iso(item?.current_period_end ?? 0))
      world().advanceClock((item?.current_period_end ?? 0) - world().now())
      expect(latest(subscription)).toMatchObject({ status: "draft", attempted: false })
      world().advanceClock(3600)
      expect(latest(subscription)).toMatchObject({ status: "paid", total: 3451 })
    }
    expect(ends.map((end) => end.slice(0, 10))).toEqual(["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"])
    expect(world().events.filter(({ type }) => type === "invoice.upcoming")).toHaveLength(4)
    expect(subscription.status).toBe("active")
  })

  test("tells the period before with the items as they were", () => {
    const subscription = world().subscribe({ customer: customerFrom("DE"), price: "price_pro_eur_month" })
    const [item] = structuredClone(subscription.items.data)
    world().renewNow(subscription.id)
    const event = world().events.findLast(({ type }) => type === "customer.subscription.updated")
    expect(event?.data.previous_attributes).toMatchObject({
      latest_invoice: expect.stringMatching(/^in_/),
      items: { data: [{ id: item?.id, current_period_start: item?.current_period_start }] },
    })
  })

  test("that was cancelled does not come: the subscription ends with the period", () => {
    const subscription = world().subscribe({ customer: customerFrom("DE"), price: "price_pro_eur_month" })
    world().cancel(subscription.id, { atPeriodEnd: true, comment: "Bye" })
    const invoices = world().all("invoice").length
    world().advanceClock(40 * day)
    expect(subscription).toMatchObject({
      status: "canceled",
      ended_at: subscription.items.data[0]?.current_period_end,
      cancellation_details: { comment: "Bye", reason: "cancellation_requested" },
    })
    expect(world().all("invoice")).toHaveLength(invoices)
  })

  test("with collection paused voids its invoice and keeps the status", () => {
    const subscription = world().subscribe({ customer: customerFrom("DE"), price: "price_pro_eur_month" })
    world().pauseCollection(subscription.id, true)
    world().advanceClock(32 * day)
    expect(subscription.status).toBe("active")
    expect(latest(subscription).status).toBe("void")
  })
})

describe("dunning", () => {
  test("tries again on its schedule, then cancels", () => {
    const customer = customerFrom("DE")
    const subscription = world().subscribe({ customer, price: "price_pro_eur_month" })
    const invoice = world().failPayment(subscription.id)
    expect(subscription.status).toBe("past_due")
    expect(invoice).toMatchObject({ status: "open", attempt_count: 1, next_payment_attempt: world().now() + day })
    expect(world().account.store.need("customer", customer).delinquent).toBe(true)
    const start = world().events.length
    world().advanceClock(14 * day)
    expect(subscription).toMatchObject({
      status: "canceled",
      cancellation_details: { reason: "payment_failed" },
    })
    expect(invoice).toMatchObject({ status: "open", attempt_count: 9, next_payment_attempt: null })
    expect(typesSince(start).filter((type) => type === "invoice.payment_failed")).toHaveLength(8)
    expect(typesSince(start).filter((type) => type === "customer.subscription.deleted")).toHaveLength(1)
  })

  test("stops when a new card pays", () => {
    const customer = customerFrom("DE")
    const subscription = world().subscribe({ customer, price: "price_pro_eur_month" })
    const invoice = world().failPayment(subscription.id, "lost_card")
    world().advanceClock(2 * day)
    expect(invoice.attempt_count).toBe(2)
    world().pay(subscription.id, "works")
    expect([invoice.status, subscription.status]).toEqual(["paid", "active"])
    expect(world().account.store.need("customer", customer).delinquent).toBe(false)
    const attempts = invoice.attempt_count
    world().advanceClock(20 * day)
    expect(invoice.attempt_count).toBe(attempts)
  })

  test("leaves the subscription unpaid where the account says so", () => {
    world().account.billing.afterRetries = "unpaid"
    try {
      const subscription = world().subscribe({ customer: customerFrom("DE"), price: "price_pro_eur_month" })
      world().failPayment(subscription.id)
      world().advanceClock(15 * day)
      expect(subscription.status).toBe("unpaid")
      world().advanceClock(31 * day)
      expect(latest(subscription)).toMatchObject({ status: "draft", auto_advance: false })
    } finally {
      world().account.billing.afterRetries = "cancel"
    }
  })

  test("waits for the customer where the bank asks for authentication", () => {
    const subscription = world().subscribe({ customer: customerFrom("DE"), price: "price_pro_eur_month" })
    const start = world().events.length
    const invoice = world().failPayment(subscription.id, "authentication_required")
    expect(typesSince(start)).toEqual(
      expect.arrayContaining([
        "payment_intent.requires_action",
        "invoice.payment_action_required",
        "invoice.payment_failed",
      ]),
    )
    const [payment] = world().all("payment_intent").slice(-1)
    expect(payment).toMatchObject({ status: "requires_action", next_action: { type: "use_stripe_sdk" } })
    expect(typesSince(start)).not.toContain("charge.failed")
    expect(invoice.status).toBe("open")
  })

  test("also follows when the card has expired meanwhile", () => {
    const customer = customerFrom("DE")
    const subscription = world().subscribe({ customer, price: "price_pro_eur_month" })
    world().expireCard(customer)
    world().renewNow(subscription.id)
    expect(subscription.status).toBe("past_due")
    expect(world().all("charge").at(-1)).toMatchObject({ status: "failed", failure_code: "expired_card" })
  })
})

test("a first payment that fails leaves 23 hours, then the subscription expires and its invoice is void", () => {
  const subscription = world().subscribe({
    customer: customerFrom("DE"),
    price: "price_pro_eur_month",
    card: "generic_decline",
  })
  expect(subscription.status).toBe("incomplete")
  expect(latest(subscription)).toMatchObject({ status: "open", next_payment_attempt: null })
  world().advanceClock(22 * 3600)
  expect(subscription.status).toBe("incomplete")
  world().advanceClock(3600)
  expect(subscription.status).toBe("incomplete_expired")
  expect(latest(subscription).status).toBe("void")
})

describe("money", () => {
  test("a change of plan is prorated on the next invoice", () => {
    const subscription = world().subscribe({ customer: customerFrom("US"), price: "price_starter_usd_month" })
    const [item] = subscription.items.data
    const length = (item?.current_period_end ?? 0) - (item?.current_period_start ?? 0)
    world().advanceClock(length / 2)
    world().changePlan(subscription.id, { price: "price_pro_usd_month" })
    expect(
      world()
        .all("invoiceitem")
        .map(({ amount }) => amount),
    ).toEqual([-500, 1600])
    world().renewNow(subscription.id)
    const invoice = latest(subscription)
    expect(invoice.lines.data.map(({ amount }) => amount)).toEqual([-500, 1600, 3200])
    expect(invoice).toMatchObject({ status: "paid", total: 4300, amount_paid: 4300 })
  })

  test("another interval is billed at once, with the rest of the old period credited", () => {
    const subscription = world().subscribe({ customer: customerFrom("US"), price: "price_pro_usd_month" })
    world().changePlan(subscription.id, { price: "price_pro_usd_year" })
    expect(latest(subscription)).toMatchObject({
      billing_reason: "subscription_update",
      status: "paid",
      total: 32_000 - 3200,
    })
    expect(iso(subscription.items.data[0]?.current_period_end ?? 0)).toBe("2027-01-31T12:00:00.000Z")
  })

  test("what is credited beyond an invoice stays on the customer's balance and pays the next ones", () => {
    const customer = customerFrom("US")
    const subscription = world().subscribe({ customer, price: "price_pro_usd_year" })
    world().changePlan(subscription.id, { price: "price_starter_usd_month" })
    expect(latest(subscription)).toMatchObject({
      total: 1000 - 32_000,
      amount_due: 0,
      status: "paid",
      ending_balance: -31_000,
    })
    expect(world().account.store.need("customer", customer).balance).toBe(-31_000)
    world().renewNow(subscription.id)
    expect(latest(subscription)).toMatchObject({
      total: 1000,
      amount_due: 0,
      status: "paid",
      starting_balance: -31_000,
    })
  })

  test("a coupon takes its share before VAT, once or for as long as it says", () => {
    world().createCoupon({ id: "half-once", percentOff: 50, duration: "once" })
    world().createCoupon({ id: "tenth", percentOff: 10, duration: "repeating", durationInMonths: 2 })
    const once = world().subscribe({ customer: customerFrom("DE"), price: "price_pro_eur_month", coupon: "half-once" })
    expect(latest(once)).toMatchObject({
      subtotal: 2900,
      total_discount_amounts: [{ amount: 1450 }],
      total_taxes: [{ amount: 276, taxable_amount: 1450, taxability_reason: "standard_rated" }],
      total: 1726,
    })
    world().renewNow(once.id)
    expect(latest(once).total).toBe(3451)
    const twice = world().subscribe({ customer: customerFrom("US"), price: "price_pro_eur_month", coupon: "tenth" })
    const totals = [latest(twice).total]
    for (let month = 0; month < 3; month++) {
      world().advanceClock(31 * day)
      totals.push(latest(twice).total)
    }
    expect(totals).toEqual([2610, 2610, 2900, 2900])
  })

  test("a business in another country pays no VAT, by reverse charge", () => {
    const customer = world().createCustomer({ email: "b@example.com", country: "FR", tax_exempt: "reverse" }).id
    const made = world().subscribe({ customer, price: "price_pro_eur_month" })
    expect(latest(made)).toMatchObject({
      total: 2900,
      total_taxes: [{ amount: 0, taxability_reason: "reverse_charge", taxable_amount: 2900 }],
    })
  })
})

test("a year of forty customers is played in order", () => {
  const prices = ["price_starter_eur_month", "price_pro_usd_month", "price_pro_eur_year"]
  for (let index = 0; index < 40; index++) {
    world().advanceClock(3571)
    world().subscribe({ customer: customerFrom("DE"), price: prices[index % 3] ?? "", trialDays: (index % 4) * 7 })
  }
  world().advanceClock(365 * day)
  const created = world().events.map((event) => event.created)
  expect(created).toEqual(created.toSorted((a, b) => a - b))
  expect(
    world()
      .all("invoice")
      .filter(({ status }) => status === "open"),
  ).toEqual([])
  expect(
    world()
      .all("subscription")
      .every(({ status }) => status === "active"),
  ).toBe(true)
})
