import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { retention } from "../../shared/monitoring/retention.ts"
import type { JobPart } from "../../shared/monitoring/runJob.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const { db } = useDatabase()
const now = new Date("2026-11-20T04:00:00Z")
const ctx = testContext({ db, now, vendors: {} })

const part = (more: Partial<JobPart> = {}) => ({
  cursor: null,
  counts: {},
  until: new Date(now.getTime() + 90_000),
  keep: async () => {},
  ...more,
})
const daysAgo = (days: number) => sql`${now.toISOString()}::timestamptz - ${days} * interval '1 day'`
const texts = async (statement: ReturnType<typeof sql>) =>
  (await db.execute<{ text: string }>(statement)).rows.map(({ text }) => text)

test("bodies of settled events of Resend are emptied in time; what is open or set aside keeps its body", async () => {
  const body = JSON.stringify({ type: "email.delivered", data: { to: "ada@example.com" } })
  await db.execute(sql`
    insert into resend_events (svix_id, type, created_at, received_at, payload, status, next_attempt_at)
    select status || ':' || days, 'email.delivered', ${now.toISOString()}::timestamptz - days * interval '1 day',
      ${now.toISOString()}::timestamptz - days * interval '1 day', ${body}, status, ${now.toISOString()}::timestamptz
    from unnest(array['applied', 'ignored', 'received', 'retrying', 'failed']) as status, unnest(array[179, 181]) as days`)
  expect((await retention(ctx, part())).counts).toMatchObject({ resendEvents: 2 })
  const emptied = sql`select svix_id as text from resend_events where payload <> ${body} order by 1`
  expect(await texts(emptied)).toEqual(["applied:181", "ignored:181"])
  expect(await texts(sql`select distinct payload as text from resend_events where payload <> ${body}`)).toEqual([
    '{"expired":true}',
  ])
  expect((await retention(ctx, part())).counts).toMatchObject({ resendEvents: 0 })
})

test("the last run of a job and the last that succeeded are kept, however long ago and however many failed since", async () => {
  await db.execute(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at, finished_at, outcome, counts)
    select gen_random_uuid(), job, 'cron', 'test', at, at, outcome, jsonb_build_object('days', days)
    from (values ('stripe-sync', 67, 'succeeded'), ('stripe-sync', 66, 'succeeded'), ('stripe-sync', 65, 'failed'),
        ('stripe-sync', 64, 'failed'), ('stripe-sync', 1, 'failed'), ('trials', 90, 'failed'), ('trials', 80, 'failed'),
        ('stages', 70, 'succeeded'), ('stages', 69, 'failed')) as run(job, days, outcome)
      cross join lateral (select ${now.toISOString()}::timestamptz - days * interval '1 day' as at) as moment`)
  await db.execute(
    sql`insert into job_runs (id, job, trigger, requested_by, created_at) values (gen_random_uuid(), 'retention', 'cron', 'test', ${daysAgo(100)})`,
  )
  expect((await retention(ctx, part())).counts).toMatchObject({ jobRuns: 4 })
  const kept = sql`select job || coalesce(' ' || (counts->>'days') || ' ' || outcome, '') as text from job_runs order by job, created_at`
  expect(await texts(kept)).toEqual([
    "retention",
    "stages 70 succeeded",
    "stages 69 failed",
    "stripe-sync 66 succeeded",
    "stripe-sync 1 failed",
    "trials 80 failed",
  ])
})

test("answers to repeated requests, codes, confirmations, challenges and imports never applied go after two days", async () => {
  const [key, person] = [crypto.randomUUID(), crypto.randomUUID()]
  await db.execute(sql`
    insert into staff (id, email, name, role, created_at) values (${person}, 'ops@example.com', 'Ops', 'ops', ${now.toISOString()})`)
  await db.execute(sql`
    insert into api_keys (id, name, prefix, key_hash, scopes, rate_per_minute, created_at, created_by, expires_at)
    values (${key}, 'website', 'x', 'hash', '{}', 60, ${now.toISOString()}, 'test', ${now.toISOString()})`)
  for (const [name, days] of [
    ["new", 1],
    ["old", 3],
  ] as const) {
    const at = daysAgo(days)
    await db.execute(sql`
      insert into idempotency_keys (api_key_id, key, request_hash, attempt, locked_until, created_at)
      values (${key}, ${name}, '', gen_random_uuid(), ${at}, ${at})`)
    await db.execute(sql`
      insert into staff_codes (token_hash, email, code_hash, created_at, expires_at) values (${name}, 'ops@example.com', '', ${at}, ${at})`)
    await db.execute(sql`
      insert into staff_confirmations (id, staff_id, action, about, expires_at) values (gen_random_uuid(), ${person}, 'erase', ${name}, ${at})`)
    await db.execute(sql`
      insert into staff_challenges (challenge, purpose, staff_id, expires_at) values (${name}, 'sign-in', ${person}, ${at})`)
    for (const applied of [true, false])
      await db.execute(sql`
        with made as (
          insert into customer_imports (id, file_name, content_hash, columns, not_read, created_at, created_by, applied_at)
          values (gen_random_uuid(), ${`${name} ${applied ? "applied" : "open"}`}, '', '{}', '{}', ${at}, 'test', ${applied ? at : null})
          returning id)
        insert into customer_import_rows (import_id, row, new_id, email, tags, cells, problems)
        select id, 2, gen_random_uuid(), 'ada@example.com', '{}', '{}', '[]' from made`)
  }
  expect((await retention(ctx, part())).counts).toMatchObject({
    idempotencyKeys: 1,
    signInCodes: 1,
    confirmations: 1,
    signInChallenges: 1,
    imports: 1,
  })
  expect(await texts(sql`select key as text from idempotency_keys`)).toEqual(["new"])
  expect(await texts(sql`select token_hash as text from staff_codes`)).toEqual(["new"])
  expect(await texts(sql`select about as text from staff_confirmations`)).toEqual(["new"])
  expect(await texts(sql`select challenge as text from staff_challenges`)).toEqual(["new"])
  const imports = ["new applied", "new open", "old applied"]
  expect(await texts(sql`select file_name as text from customer_imports order by 1`)).toEqual(imports)
  const rows = sql`select i.file_name as text from customer_import_rows r join customer_imports i on i.id = r.import_id order by 1`
  expect(await texts(rows)).toEqual(imports)
})

test("a part whose time is over stops, and the next goes on with what is left", async () => {
  await db.execute(sql`
    insert into staff_codes (token_hash, email, code_hash, created_at, expires_at)
    select 'many ' || n, 'ops@example.com', '', ${daysAgo(3)}, ${daysAgo(3)} from generate_series(1, 2500) as n`)
  const kept: unknown[] = []
  let result = await retention(ctx, part({ until: now }))
  for (let parts = 1; result.cursor && parts < 30; parts++) {
    kept.push(result.cursor)
    result = await retention(ctx, part({ until: now, ...result }))
  }
  expect(result.cursor).toBeUndefined()
  expect(kept.length).toBeGreaterThan(5)
  expect(result.counts.signInCodes).toBe(2500)
  expect(await texts(sql`select token_hash as text from staff_codes where token_hash like 'many%'`)).toEqual([])
})
