import path from "node:path"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, vi } from "vitest"
import { createTestHarness } from "wrangler"
import { localDiscord, localSecrets } from "../../scripts/local/localEnv.ts"
import type { WorkerName } from "../../shared/env.ts"
import type { JobName } from "../../shared/monitoring/jobDefinitions.ts"
import { type Fakes, type FakesOptions, startFakes } from "../fakes/server.ts"
import type { TestDatabase } from "./useDatabase.ts"
import { workerBuild } from "./workerBuilds.ts"

const root = path.join(import.meta.dirname, "../..")

export interface WorkerAnswer {
  ok: boolean
  status: number
  headers: { get(name: string): string | null }
  text(): Promise<string>
  json(): Promise<unknown>
}

export type JobRun = {
  outcome: string
  counts: Record<string, number>
  error: string | null
}

export interface TestWorkers {
  fetch(
    worker: WorkerName,
    path: string,
    init?: { method?: string; headers?: Record<string, string>; body?: string; redirect?: "manual" },
  ): Promise<WorkerAnswer>
  /** Runs the Worker's Cron Trigger. */
  tick(worker: WorkerName, cron: string): Promise<void>
  /** Has a scheduled job run now, as staff would, and waits for its end. Of the jobs Worker. */
  runJob(job: JobName): Promise<JobRun>
  fakes: Fakes
  /** Where a browser reaches the first of the Workers. */
  url(): string
}

/** Workers of wrangler.toml in workerd, with their queues between them, against this file's database and stand-ins. */
export function useWorkers(
  database: TestDatabase,
  names: WorkerName[],
  options: { fakes?: FakesOptions; vars?: Record<string, string> } = {},
): TestWorkers {
  process.env.WRANGLER_SEND_METRICS = "false"
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false"
  const harness = createTestHarness()
  let fakes: Fakes | undefined
  let address = ""
  const running = (): Fakes => {
    if (!fakes) throw new Error("The Workers have not been started yet.")
    return fakes
  }

  beforeAll(async () => {
    // The stand-ins post webhooks to a relay, because the harness has no fixed port before it listens.
    fakes = await startFakes({
      ...options.fakes,
      stripe: {
        apiKey: localSecrets.STRIPE_SECRET_KEY,
        webhookSecret: localSecrets.STRIPE_WEBHOOK_SECRET,
        requestsPerSecond: 1000,
        ...options.fakes?.stripe,
      },
      resend: {
        apiKey: localSecrets.RESEND_API_KEY,
        webhookSecret: localSecrets.RESEND_WEBHOOK_SECRET,
        requestsPerSecond: 1000,
        ...options.fakes?.resend,
      },
      deliver: (vendor, request) =>
        vendor === "discord"
          ? harness.getWorker("ops-discord").fetch("http://discord/interactions", request)
          : harness.getWorker("ops-webhooks").fetch(`http://webhooks/${vendor}`, request),
    })
    const vars = {
      DATABASE_HTTP_ENDPOINT: database.httpEndpoint,
      STRIPE_API_BASE: `${fakes.url}/stripe`,
      RESEND_API_BASE: `${fakes.url}/resend`,
      DISCORD_API_BASE: `${fakes.url}/discord/api/v10`,
      ...localDiscord,
      SIGN_IN: "local",
      ...options.vars,
    }
    const builds = await Promise.all(names.map(workerBuild))
    await harness.update({
      root,
      workers: builds.map(({ name: env, folder, config }) => ({
        configPath: config,
        env,
        prebuiltWorkerDir: folder,
        vars,
        secrets: { ...localSecrets, DATABASE_URL: database.url },
        // Bound to a Worker that is not among them: whom it leads to instead knows nothing of what it is asked.
        ...(env === "admin" && !names.includes("webhooks") && { bindingOverrides: { AUTOMATIONS: "ops-admin" } }),
      })),
    })
    address = (await harness.listen()).url.origin
  })
  afterAll(async () => {
    await fakes?.close()
    await harness.close()
  })

  return {
    fetch: (worker, target, init) => harness.getWorker(`ops-${worker}`).fetch(`http://${worker}${target}`, init),
    async tick(worker, cron) {
      await harness.getWorker(`ops-${worker}`).scheduled({ cron, scheduledTime: new Date() })
    },
    async runJob(job) {
      const id = crypto.randomUUID()
      await database.db.execute(sql`
        insert into job_runs (id, job, trigger, requested_by, created_at) values (${id}, ${job}, 'staff', 'test', now())`)
      await harness.getWorker("ops-jobs").scheduled({ cron: "*/2 * * * *", scheduledTime: new Date() })
      return vi.waitFor(
        async () => {
          const found = await database.db.execute<JobRun & { finished_at: string | null }>(
            sql`select outcome, counts, error, finished_at from job_runs where id = ${id}`,
          )
          const [run] = found.rows
          if (!run?.finished_at) throw new Error(`The job ${job} has not come to its end: ${run?.error ?? "no error"}.`)
          return { outcome: run.outcome, counts: run.counts, error: run.error }
        },
        { timeout: 60_000, interval: 50 },
      )
    },
    url: () => address,
    get fakes() {
      return running()
    },
  }
}
