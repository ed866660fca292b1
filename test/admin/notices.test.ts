import { sql } from "drizzle-orm"
import { expect, test } from "vitest"
import { screenshots } from "../support/browser.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)

test("what a rule or a job tells staff is seen on Today and among the notices until somebody has dealt with it", async () => {
  await db.execute(sql`
    insert into staff_notifications (id, key, message, created_at)
    select gen_random_uuid(), 'k' || n, 'Notice number ' || n || ' <b>&', now() - n * interval '1 minute' from generate_series(1, 60) n`)
  const support = await admin.as("support")
  expect(await (await support.get("/")).text()).toContain("60 notices for staff")
  const html = await (await support.get("/notices")).text()
  expect(html).toContain("Notice number 1 &lt;b&gt;&amp;")
  expect(html).not.toContain("Notice number 51 ")
  const next = /<a href="([^"]+)" rel="next">/.exec(html)?.[1]?.replaceAll("&amp;", "&") ?? ""
  expect((await (await support.get(next)).text()).match(/data-head="Since"/g)).toHaveLength(10)

  const [id = ""] = [...html.matchAll(/name="id" value="([^"]+)"/g)].map(([, value]) => value)
  const viewer = await admin.as("viewer")
  expect((await viewer.post("/notices", { id })).status).toBe(403)
  expect((await support.post("/notices", { id: [id, "nonsense"] })).status).toBe(303)
  expect((await support.post("/notices", { id })).status).toBe(303)
  expect(await (await support.get("/notices")).text()).not.toContain("Notice number 1 ")
  expect(await (await support.get("/notices?all=yes&after=nonsense")).text()).toContain("Notice number 1 ")

  const { page, url, problems } = await admin.browser("support")
  await page.goto(`${url}/notices`)
  await expectAccessible(page)
  await screenshots(page, "admin-notices")
  await page.getByRole("button", { name: "These are dealt with" }).click()
  await page.getByText("Notice number 52").waitFor()
  expect(problems).toEqual([])
})
