import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type NeonHttp, startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { jobDefinitions } from "../../shared/monitoring/jobDefinitions.ts"
import { screenshots } from "../support/browser.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
let neon: NeonHttp
beforeAll(async () => {
  neon = await startNeonHttp()
})
afterAll(() => neon.close())
const admin = useAdmin(
  {
    ...database,
    /** In front of the same database, to count round trips. */
    get httpEndpoint() {
      return neon.endpoint
    },
  },
  ["jobs"],
)

const tick = () => admin.workers.tick("jobs", "*/2 * * * *")

test("every job is listed with its schedule in words, how it is, and its latest runs", async () => {
  await tick()
  await db.execute(sql`
    insert into job_runs (id, job, trigger, requested_by, created_at, started_at, finished_at, outcome, counts, error)
    select gen_random_uuid(), 'retention', 'cron', 'job:schedule', at, at, at + interval '1.5 seconds',
      case when n = 1 then 'failed' else 'succeeded' end, '{"jobRuns": 3}', case when n = 1 then 'The disk is full' end
    from (select n, now() - n * interval '1 day' as at from generate_series(1, 60) n) as days`)
  const viewer = await admin.as("viewer")
  const before = neon.roundTrips()
  const html = await (await viewer.get("/jobs")).text()
  expect(neon.roundTrips() - before).toBeLessThanOrEqual(3)
  for (const { title } of jobDefinitions) expect(html).toContain(title)
  expect(html).toContain("every day at 04:00 UTC")
  expect(html).toContain('aria-label="The last 30 runs: 1 failed"')
  expect(html).toMatch(/Retention[\s\S]*?badge bad">down/)

  const history = await (await viewer.get("/jobs/retention")).text()
  expect(history).toContain("The disk is full")
  expect(history).toContain("job runs 3")
  expect(history).not.toContain("Run now")
  const next = /<a href="([^"]+)" rel="next">/.exec(history)?.[1]?.replaceAll("&amp;", "&") ?? ""
  expect((await (await viewer.get(next)).text()).match(/data-head="Outcome"/g)).toHaveLength(10)
  expect((await viewer.get("/jobs/nothing")).status).toBe(404)
  expect((await viewer.get("/jobs/retention?after=nonsense&run=nonsense")).status).toBe(200)
  expect(await (await viewer.get("/")).text()).toContain("1 job is late, hangs or failed")

  const { page, url, problems } = await admin.browser("viewer")
  for (const [name, path] of [
    ["jobs", "/jobs"],
    ["job", "/jobs/retention"],
  ]) {
    await page.goto(`${url}${path}`)
    await expectAccessible(page)
    await screenshots(page, `admin-${name}`)
  }
  expect(problems).toEqual([])
})

test("in the browser a job is run now and answers in the page; paused, its time passes", async () => {
  await db.execute(sql`truncate job_runs cascade`)
  await tick()
  const { page, url, problems } = await admin.browser("ops")
  await page.goto(`${url}/jobs`)
  await page.getByRole("link", { name: "Retention" }).click()
  await page.getByRole("button", { name: "Run now" }).click()
  await page.getByText(/^Done in/).waitFor()
  expect(await page.getByRole("table").textContent()).toContain("ops@local.test")
  await page.getByRole("button", { name: "Pause" }).click()
  await page.getByRole("button", { name: "Resume" }).waitFor()
  expect(await page.locator("dd").first().textContent()).toBe("paused")
  await page.getByRole("button", { name: "Resume" }).click()
  await page.getByRole("button", { name: "Pause" }).waitFor()
  await expectAccessible(page)
  expect(problems).toEqual([])
  const audit = await db.execute(sql`select action from audit_log where subject_type = 'job' order by at`)
  expect(audit.rows.map(({ action }) => action)).toEqual(["job.requested", "job.paused", "job.resumed"])
})
