import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { tick } from "../../workers/jobs/tick.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const begin = new Date("2026-11-20T08:01:00Z")
const ctx = testContext({ db, vendors: {} })

/** Ticks so many hours after the jobs were first seen; of the sync there are no runs but those that the test tells of. */
const tickAfter = async (hours: number) => {
  ctx.clock.now = new Date(begin.getTime() + hours * 3_600_000)
  await tick(ctx)
  await db.execute(sql`delete from job_runs where finished_at is null`)
}
const notices = async () => {
  const { rows } = await db.execute<{ message: string }>(
    sql`select message from staff_notifications where key like 'stripe-sync:stale:%' order by created_at`,
  )
  return rows.map(({ message }) => message)
}
const ended = (hours: number, outcome: "succeeded" | "failed", error: string | null = null) => {
  const at = new Date(begin.getTime() + hours * 3_600_000).toISOString()
  return db.execute(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at, started_at, finished_at, outcome, error)
    values (gen_random_uuid(), 'stripe-sync', 'staff', 'test', ${at}, ${at}, ${at}, ${outcome}, ${error})`)
}
const suspicion = "What is kept may differ from Stripe by now."

beforeEach(async () => {
  await db.execute(sql`truncate jobs, job_runs, staff_notifications, settings cascade`)
  await tickAfter(0)
})

test("a paused sync is told of once a day, from 30 hours on, until it has succeeded again", async () => {
  await ended(1, "succeeded")
  await db.execute(sql`update jobs set paused_at = ${begin.toISOString()} where name = 'stripe-sync'`)
  await tickAfter(30.9)
  expect(await notices()).toEqual([])
  const first = `The Stripe sync is paused. It last succeeded 30 hours ago. ${suspicion}`
  for (const hours of [31.1, 32, 38]) await tickAfter(hours)
  expect(await notices()).toEqual([first])
  await tickAfter(31.1 + 24)
  expect(await notices()).toEqual([first, `The Stripe sync is paused. It last succeeded 54 hours ago. ${suspicion}`])
  await ended(56, "succeeded")
  await tickAfter(31.1 + 48)
  expect(await notices()).toHaveLength(2)
})

test("one that fails is told of with its error", async () => {
  await ended(1, "succeeded")
  await ended(24, "failed", "The key lacks rak_coupon_read.")
  await tickAfter(32)
  expect(await notices()).toEqual([
    `The Stripe sync fails: The key lacks rak_coupon_read. It last succeeded 31 hours ago. ${suspicion}`,
  ])
})

test("one that has never run is told of", async () => {
  await tickAfter(31)
  expect(await notices()).toEqual([`The Stripe sync has never run. It has never succeeded. ${suspicion}`])
})

test("how long it may be ago is a setting, and 0 is for never", async () => {
  const set = (value: object) =>
    db.execute(sql`insert into settings values ('sync', ${JSON.stringify(value)}::jsonb, now())
      on conflict (name) do update set value = excluded.value`)
  await set({ mostDifferences: 5, staleHours: 0 })
  await tickAfter(1000)
  await set({ mostDifferences: 5, staleHours: 1200 })
  await tickAfter(1100)
  expect(await notices()).toEqual([])
  // As it was kept before there was such a setting.
  await set({ mostDifferences: 7 })
  await tickAfter(1200)
  expect(await notices()).toHaveLength(1)
})
