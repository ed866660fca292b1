import fc from "fast-check"
import { expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { applyStripeEvents } from "../../shared/billing/apply/applyStripeEvents.ts"
import { databaseState, emptyDatabase } from "../support/databaseState.ts"
import { playedHistory } from "../support/playedHistory.ts"
import { play, statuses, store } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")

test("any order of a history, with duplicates and in batches of any size, ends in the state of the true order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 60 }), async (seed, size) => {
      const history = playedHistory({ seed, customers: 3, steps: 25, until: now })
      const ctx = testContext({ db, now, vendors: { stripe: history.api } })

      await emptyDatabase(db)
      await seedDefaults(ctx)
      await play(ctx, history.events)
      const inOrder = await databaseState(db)
      expect(Object.values(await statuses(db)).filter((status) => status !== "applied")).toEqual([])

      await emptyDatabase(db)
      await seedDefaults(ctx)
      const shuffled = history.shuffle([...history.events, ...history.events.filter((_, index) => index % 5 === 0)])
      await play(ctx, shuffled, size)
      expect(await databaseState(db)).toEqual(inOrder)
    }),
    { numRuns: 12, seed: 20261120 },
  )
}, 120_000)

test("batches that run at the same time lose nothing to each other", async () => {
  const history = playedHistory({ seed: 7, customers: 4, steps: 40, until: now })
  const ctx = testContext({ db, now, vendors: { stripe: history.api } })
  await emptyDatabase(db)
  await seedDefaults(ctx)
  await play(ctx, history.events)
  const inOrder = await databaseState(db)

  await emptyDatabase(db)
  await seedDefaults(ctx)
  const ids = history.shuffle(await store(ctx, history.events))
  const parts = [0, 1, 2, 3].map((part) => ids.filter((_, index) => index % 4 === part))
  await Promise.all(
    parts.map(async (part) => {
      for (let start = 0; start < part.length; start += 7)
        await applyStripeEvents(ctx, { ids: part.slice(start, start + 7) })
    }),
  )
  expect(await databaseState(db)).toEqual(inOrder)
})

test("what the account's API says at the end is what the rows say", async () => {
  const history = playedHistory({ seed: 11, customers: 4, steps: 60, until: now })
  const ctx = testContext({ db, now, vendors: { stripe: history.api } })
  await emptyDatabase(db)
  await play(ctx, history.shuffle([...history.events]), 30)
  const rows = await databaseState(db)
  const said = (kind: "subscription" | "invoice") =>
    history.world
      .all(kind)
      .map(({ id, status }) => [id, status])
      .sort()
  const held = (table: "subscriptions" | "invoices") =>
    (rows[table] ?? []).map((row) => [Reflect.get(Object(row), "id"), Reflect.get(Object(row), "status")]).sort()
  expect(held("subscriptions")).toEqual(said("subscription"))
  expect(held("invoices")).toEqual(said("invoice"))
})
