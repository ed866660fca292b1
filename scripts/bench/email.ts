import { sql } from "drizzle-orm"
import { startFakes } from "../../test/fakes/server.ts"
import { localSecrets } from "../local/localEnv.ts"
import { buildWorkers } from "../workerd/buildWorkers.ts"
import { startWorkerd } from "../workerd/startWorkerd.ts"
import { benchEnvironment } from "./environment.ts"
import { report } from "./report.ts"

/** Due mails handed to the sender per second; Resend's stand-in takes them without a rate limit. */
export async function email(): Promise<void> {
  const count = Number(process.env.N ?? 60_000)
  const environment = await benchEnvironment()
  const fakes = await startFakes({
    resend: { apiKey: localSecrets.RESEND_API_KEY, requestsPerSecond: 1_000_000, keepMails: 0 },
  })
  const workerd = await startWorkerd({
    workers: buildWorkers(["email", "jobs"]),
    bindings: {
      ...localSecrets,
      DATABASE_URL: environment.databaseUrl,
      DATABASE_HTTP_ENDPOINT: environment.neon.endpoint,
      RESEND_API_BASE: `${fakes.url}/resend`,
    },
    batchMilliseconds: 10,
  })
  try {
    await environment.db.execute(sql`
      insert into customers (id, stripe_id, email, name, country, created_at, synced_at, synced_order, digest)
      select gen_random_uuid(), 'cus_' || g, 'c' || g || '@example.com', 'Customer ' || g, 'DE', now(), now(), '', ''
      from generate_series(1, ${count}::int) g`)
    await environment.db.execute(sql`
      insert into email_outbox (id, dedupe_key, customer_id, template_id, mail_class, due_at, stale_at, status, created_at)
      select gen_random_uuid(), stripe_id, id, 'welcome', 'transactional', now() - interval '1 minute', now() + interval '1 day', 'due', now()
      from customers`)
    await environment.db.execute(sql`analyze email_outbox, customers`)
    const before = environment.neon.roundTrips()
    const started = performance.now()
    while (fakes.mailbox.accepted < count) {
      if (performance.now() - started > 300_000)
        throw new Error(`Only ${fakes.mailbox.accepted} of ${count} mails went out in 5 minutes.`)
      if (workerd.broker.backlog("emails") === 0) {
        await environment.db.execute(sql`
          insert into job_runs (id, job, trigger, requested_by, created_at)
          values (gen_random_uuid(), 'emails', 'staff', 'bench', now()) on conflict do nothing`)
        await workerd.tick("jobs", "*/2 * * * *")
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const seconds = (performance.now() - started) / 1000
    const conditions = { mails: count, per_request: 100 }
    report("email.rate", count / seconds, "mails/s", conditions)
    report(
      "email.round_trips",
      (environment.neon.roundTrips() - before) / (count / 100),
      "round trips/100 mails",
      conditions,
    )
  } finally {
    await workerd.close()
    await fakes.close()
    await environment.close()
  }
}
