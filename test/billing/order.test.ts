import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { emptyDatabase } from "../support/databaseState.ts"
import { playedHistory } from "../support/playedHistory.ts"
import { play, stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
beforeEach(() => emptyDatabase(db))

const history = playedHistory({ seed: 3, customers: 1, steps: 0, until: new Date("2026-11-20T12:00:00Z") })
const subscription = history.world.all("subscription")[0]
const second = 1_790_000_000

const update = (id: string, created: number, status: string) => ({
  id,
  type: status === "canceled" ? "customer.subscription.deleted" : "customer.subscription.updated",
  created,
  livemode: false,
  data: { object: { ...subscription, status, ended_at: status === "canceled" ? created : null } },
})
const held = async () => (await db.execute<{ status: string }>(sql`select status from subscriptions`)).rows[0]?.status

const orders = [
  ["evt_a", "evt_b"],
  ["evt_b", "evt_a"],
]

test.each(orders)(
  "two payloads of the same second that contradict each other (%s first) are settled by what Stripe says",
  async (...order) => {
    const says = { ...subscription, status: "past_due" }
    const stripe = stripeWith({ [`/v1/subscriptions/${subscription?.id}`]: says })
    const events = [update("evt_a", second, "active"), update("evt_b", second, "past_due")]
    const ctx = testContext({ db, vendors: { stripe } })
    await play(
      ctx,
      order.flatMap((id) => events.filter((event) => event.id === id)),
      1,
    )
    expect(await held()).toBe("past_due")
    expect(stripe.asked).toContain(`/v1/subscriptions/${subscription?.id}`)
  },
)

test.each(orders)("where Stripe does not have it, every order (%s first) still ends the same", async (...order) => {
  const events = [update("evt_a", second, "active"), update("evt_b", second, "past_due")]
  await play(
    testContext({ db, vendors: { stripe: stripeWith() } }),
    order.flatMap((id) => events.filter((event) => event.id === id)),
    1,
  )
  expect(await held()).toBe("past_due")
})

test("a repetition within the second asks nobody", async () => {
  const stripe = stripeWith()
  const ctx = testContext({ db, vendors: { stripe } })
  await play(ctx, [update("evt_a", second, "active"), update("evt_c", second, "active")], 1)
  expect(stripe.asked.filter((path) => path.includes("subscriptions"))).toEqual([])
})

test("an ended subscription does not come back to life by a late update, nor by a later one", async () => {
  const ctx = testContext({ db, vendors: { stripe: stripeWith() } })
  await play(
    ctx,
    [
      update("evt_end", second, "canceled"),
      update("evt_late", second - 60, "active"),
      update("evt_later", second + 60, "active"),
    ],
    1,
  )
  expect(await held()).toBe("canceled")
})

test("an older update does not undo a newer one", async () => {
  const ctx = testContext({ db, vendors: { stripe: stripeWith() } })
  await play(ctx, [update("evt_new", second, "past_due"), update("evt_old", second - 1, "active")], 1)
  expect(await held()).toBe("past_due")
})
