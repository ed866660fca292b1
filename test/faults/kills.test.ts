import { sql } from "drizzle-orm"
import { expect, inject, test } from "vitest"
import { localSecrets } from "../../scripts/local/localEnv.ts"
import { startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { buildWorkers } from "../../scripts/workerd/buildWorkers.ts"
import { startWorkerd, type Workerd } from "../../scripts/workerd/startWorkerd.ts"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { Faults } from "../fakes/faults/faults.ts"
import { startFakes } from "../fakes/server.ts"
import { signStripe } from "../fakes/stripe/eventLog.ts"
import { databaseState, emptyDatabase } from "../support/databaseState.ts"
import { apiOf, playHistory } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const seed = 20261120
const kills = 30

test("over 1,000 events, with the Workers killed at 30 points and both vendors failing, nothing is lost and nothing doubled", async () => {
  expect(inject("neonEndpoint")).toBe(database.httpEndpoint)
  const draw = new Faults(seed)
  let workerd: Workerd | undefined
  let seen = 0
  const afterCommit = new Set<unknown>()
  let done = 0
  let down: Promise<void> = Promise.resolve()
  const killAt = new Set<number>()
  // Every 20th round trip or so, just before its statements run or just after they have committed.
  for (let at = 10, index = 0; index < kills; index++) {
    at += 4 + Math.floor(draw.random() * 30)
    killAt.add(at)
  }
  const kill = async () => {
    const running = workerd
    if (!running) return
    done++
    down = running.kill().then(() => {
      if (draw.happens(0.5)) running.broker.lose()
      return running.restart()
    })
    await running.kill()
  }
  const neon = await startNeonHttp({
    hooks: {
      async before(statements) {
        const number = ++seen
        if (!killAt.has(number)) return
        // Every other kill comes when the statements have committed but nobody knows it yet.
        if (number % 2 === 1) return void afterCommit.add(statements)
        await kill()
        throw new Error("the Worker died before its statements ran")
      },
      async after(statements) {
        if (afterCommit.has(statements)) await kill()
      },
    },
  })

  const postTo = async (path: string, request: { method: "POST"; headers: Record<string, string>; body: string }) => {
    await down
    return fetch(`${workerd?.url("webhooks")}${path}`, request)
  }
  const start = new Date(Date.now() - 20 * 3_600_000)
  const fakes = await startFakes({
    seed,
    now: () => start,
    stripe: { apiKey: localSecrets.STRIPE_SECRET_KEY, requestsPerSecond: 1000 },
    resend: {
      apiKey: localSecrets.RESEND_API_KEY,
      webhookSecret: localSecrets.RESEND_WEBHOOK_SECRET,
      requestsPerSecond: 1000,
    },
    deliver: (vendor, request) => postTo(`/${vendor}`, request),
  })
  fakes.faults.stripe.set({ webhooksOff: true })
  playHistory(fakes.stripe, draw, { customers: 25, steps: 220, stride: 1200 })
  const events = [...fakes.events.events]
  expect(events.length).toBeGreaterThan(1000)

  const bindings = {
    ...localSecrets,
    DATABASE_URL: database.url,
    DATABASE_HTTP_ENDPOINT: neon.endpoint,
    STRIPE_API_BASE: `${fakes.url}/stripe`,
    RESEND_API_BASE: `${fakes.url}/resend`,
  }
  try {
    await seedDefaults(testContext({ db, vendors: {} }))
    workerd = await startWorkerd({
      workers: buildWorkers(["webhooks", "email", "jobs"]),
      bindings,
      batchMilliseconds: 20,
    })
    const failures = {
      latency: { probability: 0.05, milliseconds: 30 },
      timeoutAfterAcceptance: 0.05,
      tooManyRequests: 0.05,
      serverError: 0.05,
      droppedConnection: 0.05,
    }
    fakes.faults.stripe.set(failures)
    fakes.faults.resend.set({ ...failures, duplicateWebhooks: 0.2, reorderWebhooks: 5 })

    // Stripe sends again what was not acknowledged, some of it twice, none of it in order.
    const queue = draw.shuffle([...events, ...events.filter((_, index) => index % 7 === 0)])
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        for (let event = queue.pop(); event; event = queue.pop()) {
          const body = JSON.stringify(event)
          for (;;) {
            const headers = { "stripe-signature": signStripe(body, localSecrets.STRIPE_WEBHOOK_SECRET) }
            const answer = await postTo("/stripe", { method: "POST", headers, body }).catch(() => null)
            await answer?.text()
            if (answer?.ok) break
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        }
      }),
    )
    await settle(
      () => down,
      () => workerd,
      fakes,
    )
    expect(done).toBe(kills)

    const mails = await db.execute<{ id: string; status: string }>(sql`select id, status from email_outbox`)
    const sent = mails.rows.filter(({ status }) => status === "sent").map(({ id }) => id)
    const accepted = fakes.mailbox.mails.map(({ tags }) => String(tags.find(({ name }) => name === "outbox_id")?.value))
    expect(sent.length).toBeGreaterThan(50)
    expect(accepted.sort()).toEqual(sent.sort())
    expect(mails.rows.filter(({ status }) => ["sending", "unknown", "failed"].includes(status))).toEqual([])

    const record = withoutMails(await databaseState(db))
    await emptyDatabase(db)
    const ctx = testContext({ db, now: new Date(), vendors: { stripe: apiOf(fakes.stripe, new Date()) } })
    await seedDefaults(ctx)
    await play(ctx, events)
    expect(record).toEqual(withoutMails(await databaseState(db)))
  } finally {
    await down
    await workerd?.close()
    await fakes.close()
    await neon.close()
  }
}, 240_000)

const withoutMails = (state: Record<string, unknown[]>) => ({
  ...state,
  timeline_entries: state.timeline_entries?.filter(
    (row) => !String(Reflect.get(Object(row), "kind")).startsWith("email."),
  ),
})

/** How long a busy machine may take for what is left. */
const patience = 150_000

/** Lets time pass (leases run out, retries come due) and the sweep run until nothing is left to do. */
async function settle(
  down: () => Promise<void>,
  workerd: () => Workerd | undefined,
  fakes: Awaited<ReturnType<typeof startFakes>>,
): Promise<void> {
  for (const until = Date.now() + patience; Date.now() < until; ) {
    await down()
    const running = workerd()
    const open = await db.execute<{ left: number }>(sql`
      select (select count(*) from stripe_events where status in ('received', 'retrying'))
        + (select count(*) from resend_events where status in ('received', 'retrying'))
        + (select count(*) from email_requests where status = 'open')
        + (select count(*) from email_outbox where status = 'sending' or (status = 'due' and due_at <= now())) as left`)
    const idle = running?.broker.backlog("events") === 0 && running.broker.backlog("emails") === 0
    if (Number(open.rows[0]?.left) === 0 && idle) {
      await fakes.settled()
      return
    }
    await db.execute(
      sql`update stripe_events set next_attempt_at = now() - interval '2 minutes' where status in ('received', 'retrying')`,
    )
    await db.execute(
      sql`update resend_events set next_attempt_at = now() - interval '2 minutes' where status in ('received', 'retrying')`,
    )
    await db.execute(sql`update email_requests set lease_until = now() - interval '1 second' where status = 'open'`)
    await db.execute(sql`update email_outbox set lease_until = null where status = 'due'`)
    await db.execute(sql`update job_runs set lease_until = null where finished_at is null`)
    await db.execute(sql`
      insert into job_runs (id, job, trigger, requested_by, created_at)
      select gen_random_uuid(), job, 'staff', 'test', now() from unnest(array['events', 'emails']) as job on conflict do nothing`)
    await running?.tick("jobs", "*/2 * * * *").catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 400))
  }
  const stuck = await db.execute(sql`select status, reason, count(*) from stripe_events group by 1, 2`)
  throw new Error(`Work was left over: ${JSON.stringify(stuck.rows)}`)
}
