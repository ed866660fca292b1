import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { jobDefinitions } from "../../shared/monitoring/jobDefinitions.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

const database = useDatabase()
const { db } = database
let source: Server
let address = ""
beforeAll(async () => {
  source = createServer((request, response) => {
    const known = request.headers.authorization === "Bearer local-trials-not-a-secret"
    response
      .writeHead(known ? 200 : 401)
      .end(known ? "email,trial_end\nada@example.com,2020-01-01\nnobody,2020-01-01\n" : "")
  })
  await new Promise<void>((resolve) => source.listen(0, "127.0.0.1", resolve))
  address = `http://127.0.0.1:${(source.address() as AddressInfo).port}/trials.csv`
})
afterAll(() => source.close())
const workers = useWorkers(database, ["jobs", "webhooks"], {
  vars: {
    get TRIALS_URL() {
      return address
    },
  },
})

test.each(jobDefinitions.map(({ name }) => name))("the job %s runs in its Worker to a good end", async (name) => {
  expect(await workers.runJob(name)).toMatchObject({ outcome: "succeeded", error: null })
})

test("trials are fetched from their server and closed when over, with hosting asked once", async () => {
  await db.execute(sql`truncate leads cascade`)
  expect(await workers.runJob("trial-sync")).toMatchObject({ counts: { read: 2, created: 1, invalid: 1 } })
  expect(await workers.runJob("expired-trials")).toMatchObject({ counts: { closed: 1 } })
  expect(await workers.runJob("expired-trials")).toMatchObject({ counts: { closed: 0 } })
  const { rows } = await db.execute(
    sql`select l.email, h.action from hosting_requests h join leads l on l.id = h.lead_id`,
  )
  expect(rows).toEqual([{ email: "ada@example.com", action: "end_trial" }])
})

test("retention empties old bodies of settled events and old runs, and leaves what is open", async () => {
  await db.execute(sql`
    insert into stripe_events (id, type, livemode, created_at, received_at, payload, status, next_attempt_at)
    select 'evt_' || s || n, 'product.created', false, now(), now() - n * interval '1 day', '{"data": "something long enough to be emptied"}', s, now() + interval '1 hour'
    from unnest(array['applied', 'failed']) s, unnest(array[1, 400]) n`)
  await db.execute(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at, started_at, finished_at, outcome)
    select gen_random_uuid(), 'stages', 'cron', 'test', at, at, at, 'succeeded'
    from (select now() - n * interval '100 days' as at from generate_series(1, 3) n) as days`)
  expect(await workers.runJob("retention")).toMatchObject({ counts: { stripeEvents: 1 } })
  const emptied = await db.execute(sql`select id from stripe_events where payload = '{"expired":true}'`)
  expect(emptied.rows).toEqual([{ id: "evt_applied400" }])
  const old = await db.execute(
    sql`select from job_runs where job = 'stages' and created_at < now() - interval '60 days'`,
  )
  expect(old.rowCount).toBe(0)
})
