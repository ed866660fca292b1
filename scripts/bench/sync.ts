import { sql } from "drizzle-orm"
import { startFakes } from "../../test/fakes/server.ts"
import { localSecrets } from "../local/localEnv.ts"
import { buildWorkers } from "../workerd/buildWorkers.ts"
import { startWorkerd } from "../workerd/startWorkerd.ts"
import { type BenchEnvironment, benchEnvironment } from "./environment.ts"
import { report } from "./report.ts"
import { watchMemory } from "./watchMemory.ts"

const pageMilliseconds = 350
const requestsPerSecond = 25
const day = 86_400

/**
 * A sync of N customers with a subscription each from the stand-in, 350 ms a page and 25 requests a second: into an empty
 * database, then again with nothing changed. Beside its time: how long the pages would take at exactly the rate limit.
 */
export async function sync(): Promise<void> {
  const sizes = process.env.N ? [Number(process.env.N)] : [10_000, 100_000]
  for (const size of sizes) await syncOf(size)
}

async function syncOf(size: number): Promise<void> {
  const environment = await benchEnvironment()
  const fakes = await startFakes({
    stripe: { apiKey: localSecrets.STRIPE_SECRET_KEY, latencyMs: pageMilliseconds, requestsPerSecond },
  })
  const workerd = await startWorkerd({
    workers: buildWorkers(["jobs"]),
    bindings: {
      ...localSecrets,
      DATABASE_URL: environment.databaseUrl,
      DATABASE_HTTP_ENDPOINT: environment.neon.endpoint,
      STRIPE_API_BASE: `${fakes.url}/stripe`,
    },
  })
  try {
    const now = fakes.stripe.now()
    fakes.stripe.bulkBusiness({ customers: size, from: now - 3 * 365 * day, to: now - 2 * day })
    await workerd.tick("jobs", "*/2 * * * *")
    // The other jobs would write rows of their own meanwhile.
    await environment.db.execute(sql`update jobs set paused_at = now() where name <> 'stripe-sync'`)
    for (const round of ["first", "again"]) {
      const before = await transaction(environment)
      const memory = watchMemory(() => workerd.memory())
      const started = performance.now()
      const counts = await runToEnd(environment, () => workerd.tick("jobs", "*/2 * * * *"))
      const seconds = (performance.now() - started) / 1000
      const { begin, peak } = memory()
      const conditions = { subscriptions: size, customers: size, round }
      const limits = { page_ms: pageMilliseconds, rate_limit: requestsPerSecond }
      report("sync.time", seconds, "s", { ...conditions, ...limits, counts })
      report("sync.time_by_limit", seconds / (least(size) / requestsPerSecond), "times pages / rate limit", conditions)
      report("sync.requests", Number(counts.pages ?? 0), "pages", { ...conditions, least: least(size) })
      report("sync.rows_written", await writtenSince(environment, before), "rows", conditions)
      report("sync.memory", peak / 2 ** 20, "MiB at most", { ...conditions, begin: Math.round(begin / 2 ** 20) })
    }
  } finally {
    await workerd.close()
    await fakes.close()
    await environment.close()
  }
}

/** Customers and subscriptions, and one page each of products, prices, coupons, open invoices and events. */
const least = (size: number) => 2 * Math.ceil(size / 100) + 5

async function runToEnd(environment: BenchEnvironment, tick: () => Promise<void>): Promise<Record<string, unknown>> {
  const id = crypto.randomUUID()
  await environment.db.execute(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at) values (${id}, 'stripe-sync', 'staff', 'bench', now())`)
  await tick()
  for (;;) {
    const found = await environment.db.execute<{
      outcome: string | null
      counts: Record<string, unknown>
      error: string | null
    }>(sql`select outcome, counts, error from job_runs where id = ${id}`)
    const [run] = found.rows
    if (run?.outcome === "succeeded") return run.counts
    if (run?.outcome) throw new Error(`The sync failed: ${run.error}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const tables = [
  "customers",
  "subscriptions",
  "subscription_items",
  "subscription_states",
  "stage_history",
  "customer_mrr",
  "timeline_entries",
  "invoices",
  "products",
  "prices",
  "coupons",
  "rule_firings",
  "enrolments",
  "email_outbox",
  "stripe_events",
  "sync_findings",
]

/** The next transaction's number. */
async function transaction({ db }: BenchEnvironment): Promise<string> {
  const found = await db.execute<{ id: string }>(sql`select pg_current_xact_id()::text as id`)
  return found.rows[0]?.id ?? "0"
}

/** Rows that were inserted or changed since, in the tables that picture Stripe and in what hangs on them. */
async function writtenSince({ db }: BenchEnvironment, since: string): Promise<number> {
  const counts = tables.map(
    (table) => sql`select count(*) as rows from ${sql.identifier(table)} where xmin::text::bigint >= ${since}::bigint`,
  )
  const found = await db.execute<{ rows: string }>(
    sql`select sum(rows) as rows from (${sql.join(counts, sql` union all `)}) as each`,
  )
  return Number(found.rows[0]?.rows ?? 0)
}
