import { sql } from "drizzle-orm"
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
const history = playedHistory({ seed: 5, customers: 60, steps: 60, until: now })
const ctx = testContext({ db, now, vendors: { stripe: history.api } })

test("one call works off a backlog of any size, with the outcome of one batch after the other", async () => {
  expect(history.events.length).toBeGreaterThan(2_000)
  await emptyDatabase(db)
  await seedDefaults(ctx)
  await play(ctx, history.events)
  const inOrder = await databaseState(db)

  await emptyDatabase(db)
  await seedDefaults(ctx)
  const [first = ""] = history.shuffle(await store(ctx, history.shuffle([...history.events])))
  const report = await applyStripeEvents(ctx, { ids: [first] })
  expect(report).toMatchObject({ applied: history.events.length, retrying: 0, failed: 0 })
  expect(await databaseState(db)).toEqual(inOrder)
}, 60_000)

test("huge payloads are taken a few at a time, and none is left behind", async () => {
  await emptyDatabase(db)
  const [event] = history.events
  const filler = "x".repeat(900_000)
  const ids = Array.from({ length: 40 }, (_, index) => `evt_huge_${index}`)
  for (const id of ids) await store(ctx, [{ ...event, id, filler }])
  const report = await applyStripeEvents(ctx, { ids })
  expect(report.applied).toBe(40)
  expect(new Set(Object.values(await statuses(db)))).toEqual(new Set(["applied"]))
  const claims = await db.execute<{ attempts: number }>(sql`select distinct attempts from stripe_events`)
  expect(claims.rows).toEqual([{ attempts: 1 }])
}, 60_000)
