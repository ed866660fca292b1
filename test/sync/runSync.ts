import { sql } from "drizzle-orm"
import type { ListContext } from "../../shared/billing/sync/listSlices.ts"
import { helpSync, syncHelpers, syncStripe } from "../../shared/billing/sync/syncStripe.ts"
import type { Database } from "../../shared/db/client.ts"
import { type KnownJob, runJob } from "../../shared/monitoring/runJob.ts"
import { createStripe } from "../../shared/vendors/stripe.ts"
import { createStripeLists, type StripeLists } from "../../shared/vendors/stripeLists.ts"
import { testContext } from "../support/testContext.ts"

/** A context of the jobs Worker against the stand-in at `url`, which takes any number of requests. */
export function syncContext(options: {
  db: Database
  now: Date
  url: string
  lists?: (lists: StripeLists) => StripeLists
}) {
  const { db, now, url, lists = (each) => each } = options
  const stripe = { secretKey: "sk_test_fake", apiBase: `${url}/stripe` }
  const pages = createStripeLists({ ...stripe, requestsPerSecond: 1000 })
  return testContext({ db, now, vendors: { stripe: createStripe(stripe), lists: lists(pages) } })
}
export type SyncTestContext = ReturnType<typeof syncContext>

interface Ended {
  outcome: string
  counts: Record<string, number>
  error: string | null
}

/** Runs a sync with its helpers to its end, as the queue would; a run that waits to be tried again has its wait over. */
export async function runSync(ctx: SyncTestContext, runId: string = crypto.randomUUID()): Promise<Ended> {
  await ctx.db.execute(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at)
    values (${runId}, 'stripe-sync', 'staff', 'test', ${ctx.now().toISOString()}) on conflict do nothing`)
  for (let round = 0; round < 30; round++) {
    await work(ctx, [runId])
    const found = await ctx.db.execute<{
      outcome: string | null
      counts: Record<string, number>
      error: string | null
    }>(sql`select outcome, counts, error from job_runs where id = ${runId}`)
    const [run] = found.rows
    if (run?.outcome) return { outcome: run.outcome, counts: run.counts, error: run.error }
    ctx.clock.now = new Date(ctx.clock.now.getTime() + 5 * 60_000)
  }
  throw new Error("The sync came to no end.")
}

async function work(ctx: SyncTestContext, runIds: string[]): Promise<void> {
  const helping: Promise<void>[] = []
  const find = (job: string): KnownJob<ListContext> | undefined => {
    if (job === "stripe-sync")
      return {
        attempts: 5,
        runner: (each, part) =>
          syncStripe(each, part, async (ids) => {
            const help = work(ctx, ids)
            // What goes wrong is told below; until then nobody waits for it.
            help.catch(() => {})
            helping.push(help)
          }),
      }
    return syncHelpers.includes(job) ? { attempts: 3, runner: helpSync, helper: true } : undefined
  }
  await Promise.all(runIds.map((runId) => runJob<ListContext>(ctx, { runId, find })))
  await Promise.all(helping)
}
