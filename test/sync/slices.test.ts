import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { claimSlice, createSlices, keepSlice } from "../../shared/billing/sync/slices.ts"
import { helpSync } from "../../shared/billing/sync/syncStripe.ts"
import { runJob } from "../../shared/monitoring/runJob.ts"
import { stripeWith } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()

test.each(["succeeded", "failed"])(
  "nobody lists for a sync that has %s, and its helpers come to their end",
  async (outcome) => {
    await db.execute(sql`truncate job_runs cascade`)
    const asked: string[] = []
    const lists = {
      requestsPerSecond: 1000,
      page: async (path: string) => {
        asked.push(path)
        return { data: [], hasMore: false, at: new Date() }
      },
    }
    const ctx = testContext({ db, vendors: { stripe: stripeWith(), lists } })
    const [run, helper] = [crypto.randomUUID(), crypto.randomUUID()]
    const own = { parent: run, newsSince: ctx.now().toISOString(), first: true }
    await db.execute(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at, cursor)
    values (${run}, 'stripe-sync', 'cron', 'test', now(), null), (${helper}, 'stripe-sync:2', 'cron', 'test', now(), ${JSON.stringify(own)}::jsonb)`)
    await createSlices(ctx, run)
    const { slice } = await claimSlice(ctx, run)
    expect(await claimSlice(ctx, run)).toMatchObject({ slice: {}, open: true, running: true })

    await db.execute(sql`update job_runs set finished_at = now(), outcome = ${outcome} where id = ${run}`)
    expect(await claimSlice(ctx, run)).toEqual({ slice: null, open: false, running: false })
    expect(await runJob(ctx, { runId: helper, find: () => ({ runner: helpSync, attempts: 3 }) })).toBe("succeeded")
    expect(asked).toEqual([])
    if (!slice) throw new Error("There was no slice.")
    // Whoever is in the middle of one stops with the page.
    await expect(keepSlice(ctx, run, slice, { ...slice, done: false, cuts: [] })).rejects.toMatchObject({
      details: { leaseLost: true },
    })
  },
)
