import { randomBytes } from "node:crypto"
import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { applyStripeEvents } from "../../shared/billing/apply/applyStripeEvents.ts"
import { emptyDatabase } from "../support/databaseState.ts"
import { play, statuses, store, stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")
const second = Math.floor(now.getTime() / 1000) - 60
beforeEach(() => emptyDatabase(db))

const event = (id: string, type: string, object: object, created = second) => ({
  id,
  type,
  created,
  livemode: false,
  data: { object },
})
const customer = (id: string, change: object = {}) => ({
  id,
  object: "customer",
  email: `${id}@example.com`,
  created: second,
  ...change,
})
const failure = [
  event("evt_1", "payment_intent.payment_failed", {
    id: "pi_1",
    object: "payment_intent",
    customer: "cus_1",
    invoice: "in_1",
    status: "requires_payment_method",
    currency: "eur",
    amount: 1000,
    created: second,
    last_payment_error: { code: "authentication_required", decline_code: "authentication_required" },
  }),
  event(
    "evt_2",
    "invoice.payment_failed",
    {
      id: "in_1",
      object: "invoice",
      customer: "cus_1",
      status: "open",
      currency: "eur",
      subtotal: 1000,
      total: 1000,
      amount_due: 1000,
      amount_paid: 0,
      amount_remaining: 1000,
      attempt_count: 1,
      billing_reason: "subscription_cycle",
      created: second,
      lines: { data: [] },
    },
    second + 1,
  ),
]

test.each([1, 2])(
  "who must confirm with the bank is asked to, whether told in one batch or in several (%i to a batch)",
  async (size) => {
    const ctx = testContext({ db, now, vendors: { stripe: stripeWith() } })
    await seedDefaults(ctx)
    await play(ctx, [event("evt_0", "customer.created", customer("cus_1"))])
    await play(ctx, failure, size)
    const mails = await db.execute(sql`select template_id from email_outbox where step = 0`)
    expect(mails.rows).toEqual([{ template_id: "payment-authentication" }])
  },
)

test.each([
  ["name", () => customer("cus_bad", { name: randomBytes(4000).toString("hex") })],
  ["e-mail", () => customer("cus_bad", { email: `${randomBytes(4000).toString("hex")}@example.com` })],
  ["country", () => customer("cus_bad", { address: { country: randomBytes(4000).toString("hex") } })],
])(
  "a %s that is too long for the database is set aside with its reason, and its neighbours apply",
  async (_what, bad) => {
    const ctx = testContext({ db, now, vendors: { stripe: stripeWith() } })
    const ids = await store(ctx, [
      event("evt_bad", "customer.created", bad()),
      event("evt_good", "customer.created", customer("cus_good")),
    ])
    await applyStripeEvents(ctx, { ids })
    expect(await statuses(db)).toMatchObject({
      evt_good: "applied",
      evt_bad: expect.stringContaining("The database refused it"),
    })
  },
)
