import { sql } from "drizzle-orm"
import fc from "fast-check"
import { expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { applyStripeEvents } from "../../shared/billing/apply/applyStripeEvents.ts"
import { databaseState, emptyDatabase, waitingMails } from "../support/databaseState.ts"
import { playedHistory } from "../support/playedHistory.ts"
import { play, statuses } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T12:00:00Z")
/** When leases and the first waits are over. */
const later = new Date(now.getTime() + 120_000)

const everything = async () => ({ ...(await databaseState(db)), waiting: await waitingMails(db) })

const filters = { all: [], only: ["Ops Pro"] }

/** Only products whose names begin so are ours; with none, every one is. */
async function begin(ctx: Parameters<typeof seedDefaults>[0], namePrefixes: string[]) {
  await emptyDatabase(db)
  await seedDefaults(ctx)
  if (namePrefixes.length > 0)
    await db.execute(
      sql`insert into settings values ('productFilter', ${JSON.stringify({ mode: "only", productIds: [], namePrefixes })}, now())`,
    )
}

test.each(Object.entries(filters))(
  "any order of a history, with duplicates and in batches of any size, ends in the state of the true order (products: %s)",
  async (_name, prefixes) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 60 }), async (seed, size) => {
        const history = playedHistory({ seed, customers: 3, steps: 25, until: now })
        const ctx = testContext({ db, now, vendors: { stripe: history.api } })

        await begin(ctx, prefixes)
        await play(ctx, history.events)
        const inOrder = await everything()
        const left = Object.values(await statuses(db)).filter((status) => status !== "applied")
        expect(left.filter((status) => prefixes.length === 0 || !status.startsWith("ignored"))).toEqual([])

        await begin(ctx, prefixes)
        const shuffled = history.shuffle([...history.events, ...history.events.filter((_, index) => index % 5 === 0)])
        await play(ctx, shuffled, size)
        expect(await everything()).toEqual(inOrder)
      }),
      // The examples have been wrong once.
      {
        numRuns: 10,
        seed: 20261120,
        examples: [
          [3, 1],
          [4, 1],
        ],
      },
    )
  },
  120_000,
)

test.each(Object.entries(filters))(
  "batches that run at the same time lose nothing to each other (products: %s)",
  async (_name, prefixes) => {
    const history = playedHistory({ seed: 7, customers: 4, steps: 40, until: now })
    const ctx = testContext({ db, now, vendors: { stripe: history.api } })
    await begin(ctx, prefixes)
    await play(ctx, history.events)
    const inOrder = await everything()

    await begin(ctx, prefixes)
    const events = history.shuffle([...history.events])
    const parts = [0, 1, 2, 3].map((part) => events.filter((_, index) => index % 4 === part))
    // Each stores what it applies, or the first to come would take everything along.
    await Promise.all(parts.map((part) => play(ctx, part, 7)))
    // What another one held at the time is the sweep's.
    await applyStripeEvents(testContext({ db, now: later, vendors: { stripe: history.api } }), { ids: [] })
    expect(await everything()).toEqual(inOrder)
  },
  60_000,
)

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
