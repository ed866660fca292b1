import { sql } from "drizzle-orm"
import { afterEach, expect, test, vi } from "vitest"
import { localSecrets } from "../../scripts/local/localEnv.ts"
import { sweepCancellations } from "../../shared/crm/cancellation/sweepCancellations.ts"
import { createStripeSubscriptions, type StripeSubscriptions } from "../../shared/vendors/stripeSubscriptions.ts"
import { testContext } from "../support/testContext.ts"
import { useCrm } from "./useCrm.ts"

const { ask, db, workers } = useCrm(["crm", "webhooks"])

afterEach(() => workers.fakes.faults.clear())

const until = { timeout: 20_000, interval: 100 }

/** A subscription that Stripe has, and that we know by its webhooks. */
async function subscribed() {
  const world = workers.fakes.stripe
  const { id: stripeCustomer } = world.createCustomer({ email: `${crypto.randomUUID()}@example.com` })
  const price = world.all("price").find(({ recurring }) => recurring !== null)
  if (!price) throw new Error("The stand-in has no price.")
  const { id } = world.subscribe({ customer: stripeCustomer, price: price.id })
  await vi.waitFor(async () => expect((await ask("GET", `/v1/subscriptions/${id}`)).status).toBe(200), until)
  return id
}

const leave = (id: string, decision: object, headers: Record<string, string> = {}) =>
  ask("POST", `/v1/subscriptions/${id}/cancellations`, {
    body: { reason: "too_expensive", comment: "<b>Too dear</b>", decision },
    headers,
  })
const kept = async (id: string) => (await ask("GET", `/v1/subscriptions/${id}`)).body
const inStripe = (id: string) => workers.fakes.stripe.all("subscription").find((each) => each.id === id)

/** The sweep of the Worker's Cron Trigger, this many minutes from now. */
function sweepIn(minutes: number, more: Partial<StripeSubscriptions> = {}) {
  const now = new Date(Date.now() + minutes * 60_000)
  return sweepCancellations(testContext({ db, now, vendors: { stripe: { ...realStripe(), ...more } } }))
}
const realStripe = () =>
  createStripeSubscriptions({ secretKey: localSecrets.STRIPE_SECRET_KEY, apiBase: `${workers.fakes.url}/stripe` })

test("a cancellation is recorded, planned in Stripe with what was said, and known by the webhook", async () => {
  const id = await subscribed()
  const { status, body } = await leave(id, { action: "cancel" })
  expect([status, body.status]).toEqual([201, "done"])
  expect(inStripe(id)).toMatchObject({
    cancel_at_period_end: true,
    cancellation_details: { feedback: "too_expensive", comment: "<b>Too dear</b>" },
  })
  await vi.waitFor(async () => expect((await kept(id)).cancelAtPeriodEnd).toBe(true), until)
  const timeline = await ask("GET", `/v1/customers/${body.customerId}/timeline?kind=cancellation.requested`)
  expect(timeline.body.data).toMatchObject([{ data: { reason: "too_expensive", action: "cancel" } }])
  expect((await ask("GET", `/v1/cancellations/${body.id}`)).body).toMatchObject({ id: body.id, status: "done" })
})

test("an offer taken, a pause or a coupon, is applied in Stripe and takes a planned cancellation back", async () => {
  const id = await subscribed()
  await leave(id, { action: "cancel" })
  const resumesAt = new Date(Date.now() + 30 * 86_400_000).toISOString()
  expect((await leave(id, { action: "pause", resumesAt })).status).toBe(201)
  expect(inStripe(id)).toMatchObject({
    cancel_at_period_end: false,
    pause_collection: { behavior: "void", resumes_at: Math.floor(Date.parse(resumesAt) / 1000) },
  })
  const { id: coupon } = workers.fakes.stripe.createCoupon({ percentOff: 50, duration: "once" })
  expect((await leave(id, { action: "coupon", coupon })).status).toBe(201)
  expect(inStripe(id)?.discounts).toHaveLength(1)
  await vi.waitFor(async () => expect(await kept(id)).toMatchObject({ cancelAtPeriodEnd: false, paused: true }), until)
})

test("asked twice with one Idempotency-Key it is done once", async () => {
  const id = await subscribed()
  const [first, again] = [
    await leave(id, { action: "cancel" }, { "idempotency-key": `leave-${id}` }),
    await leave(id, { action: "cancel" }, { "idempotency-key": `leave-${id}` }),
  ]
  expect(again.text).toBe(first.text)
  // The answer was lost before it was kept: the record itself is what makes it once.
  await db.execute(sql`delete from idempotency_keys`)
  const lost = await leave(id, { action: "cancel" }, { "idempotency-key": `leave-${id}` })
  expect(lost.body.id).toBe(first.body.id)
})

test("asked twice without a key within ten minutes it is done once; another decision is another", async () => {
  const id = await subscribed()
  const [first, again] = [await leave(id, { action: "cancel" }), await leave(id, { action: "cancel" })]
  expect([again.status, again.body.id]).toEqual([201, first.body.id])
  const pause = await leave(id, { action: "pause", resumesAt: "2030-01-01T00:00:00Z" })
  expect(pause.body.id).not.toBe(first.body.id)
  const anew = await leave(id, { action: "cancel" })
  expect(anew.body.id).not.toBe(first.body.id)
  await db.execute(
    sql`update cancellations set created_at = created_at - interval '11 minutes' where subscription_id = ${id}`,
  )
  expect((await leave(id, { action: "cancel" })).body.id).not.toBe(anew.body.id)
})

test("a coupon does not take the place of a discount that there is", async () => {
  const id = await subscribed()
  const given = workers.fakes.stripe.createCoupon({ percentOff: 10, duration: "forever" }).id
  workers.fakes.stripe.applyCoupon(id, given)
  await vi.waitFor(async () => {
    const { rows } = await db.execute(
      sql`select jsonb_array_length(discounts) as n from subscriptions where id = ${id}`,
    )
    expect(rows).toEqual([{ n: 1 }])
  }, until)
  const better = workers.fakes.stripe.createCoupon({ percentOff: 50, duration: "once" }).id
  const { status, body } = await leave(id, { action: "coupon", coupon: better })
  expect([status, body.error.message]).toEqual([409, expect.stringContaining("has a discount already")])
  expect((await leave(id, { action: "cancel" })).status).toBe(201)
})

test("an earlier decision that is just being told to Stripe does not overtake a later one", async () => {
  const id = await subscribed()
  workers.fakes.faults.set("stripe", { serverError: 1 })
  await leave(id, { action: "cancel" })
  workers.fakes.faults.clear()
  let leftFor: (() => void) | undefined
  const onItsWay = new Promise<void>((resolve) => {
    leftFor = resolve
  })
  let arrive: (() => void) | undefined
  const arrival = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const sweep = sweepIn(3, {
    async cancelAtPeriodEnd(...call) {
      leftFor?.()
      await arrival
      return realStripe().cancelAtPeriodEnd(...call)
    },
  })
  await onItsWay
  const offer = await leave(id, { action: "pause", resumesAt: "2030-01-01T00:00:00Z" })
  expect([offer.status, offer.body.status]).toEqual([202, "pending"])
  expect(await sweepIn(3)).toEqual({ done: 0, pending: 0, failed: 0 })
  arrive?.()
  await sweep
  expect(await sweepIn(10)).toEqual({ done: 1, pending: 0, failed: 0 })
  expect(inStripe(id)).toMatchObject({ cancel_at_period_end: false, pause_collection: { behavior: "void" } })
})

test("with Stripe down the decision is kept and carried out when it is back", async () => {
  const id = await subscribed()
  workers.fakes.faults.set("stripe", { serverError: 1 })
  const { status, body } = await leave(id, { action: "cancel" })
  expect([status, body.status]).toEqual([202, "pending"])
  expect(await sweepIn(3)).toMatchObject({ pending: 1 })
  workers.fakes.faults.clear()
  expect(await sweepIn(10)).toEqual({ done: 1, pending: 0, failed: 0 })
  expect(inStripe(id)?.cancel_at_period_end).toBe(true)
  expect((await ask("GET", `/v1/cancellations/${body.id}`)).body.status).toBe("done")
})

test("whoever decides anew before Stripe has heard is taken at the last word", async () => {
  const id = await subscribed()
  workers.fakes.faults.set("stripe", { serverError: 1 })
  const first = await leave(id, { action: "cancel" })
  await leave(id, { action: "pause", resumesAt: "2030-01-01T00:00:00Z" })
  workers.fakes.faults.clear()
  expect(await sweepIn(10)).toEqual({ done: 1, pending: 0, failed: 0 })
  expect(inStripe(id)).toMatchObject({ cancel_at_period_end: false, pause_collection: { behavior: "void" } })
  expect((await ask("GET", `/v1/cancellations/${first.body.id}`)).body.status).toBe("superseded")
})

test("what Stripe refuses is a conflict, kept with its feedback, and staff are told", async () => {
  const id = await subscribed()
  const { status, body } = await leave(id, { action: "coupon", coupon: "no_such" })
  expect([status, body.error.code]).toEqual([409, "conflict"])
  const { rows } = await db.execute(sql`select status, reason from cancellations where subscription_id = ${id}`)
  expect(rows).toEqual([{ status: "failed", reason: "too_expensive" }])
  const told = await db.execute(sql`select 1 from staff_notifications where message like ${`%${id}%`}`)
  expect(told.rows).toHaveLength(1)
})

test("a subscription that has ended cannot be left, and a pause does not end in the past", async () => {
  const id = await subscribed()
  expect((await leave(id, { action: "pause", resumesAt: "2020-01-01T00:00:00Z" })).status).toBe(400)
  workers.fakes.stripe.cancel(id)
  await vi.waitFor(async () => expect((await kept(id)).status).toBe("canceled"), until)
  const { status, body } = await leave(id, { action: "cancel" })
  expect([status, body.error.message]).toEqual([409, expect.stringContaining("ended")])
})
