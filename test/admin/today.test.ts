import { sql } from "drizzle-orm"
import { beforeAll, expect, test } from "vitest"
import { today } from "../../shared/reports/today.ts"
import { roles } from "../../shared/staff/roles.ts"
import { screenshots } from "../support/browser.ts"
import { apiOf, playedHistory } from "../support/playedHistory.ts"
import { play } from "../support/stripeEvents.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
const now = new Date()

beforeAll(async () => {
  const { world } = playedHistory({ seed: 6, customers: 6, steps: 40, until: now })
  await play(testContext({ db, now, vendors: { stripe: apiOf(world, now) } }), world.events)
  await db.execute(
    sql`update stripe_events set status = 'failed', reason = 'as a test' where id in (select id from stripe_events order by id limit 2)`,
  )
})

test("every line leads to where it is dealt with, and says how many there are", async () => {
  const owner = await admin.as("owner")
  const ctx = testContext({ db, now, vendors: {} })
  const { lines } = await today(ctx)
  expect(lines.find(({ key }) => key === "failed-events")).toMatchObject({
    text: "2 Stripe events could not be applied",
    part: "needed",
  })
  for (const { href } of lines) expect((await owner.get(href)).status, href).toBe(200)
})

test("the figures are the sums of what the profiles tell", async () => {
  const { figures } = await today(testContext({ db, now, vendors: {} }))
  const sums = await db.execute<{ currency: string; amount: number }>(
    sql`select currency, sum(amount)::int as amount from customer_mrr group by 1 order by 2 desc`,
  )
  expect(sums.rows.length).toBeGreaterThan(0)
  expect(figures.mrr.map(({ currency, amount }) => ({ currency, amount }))).toEqual(sums.rows)
  for (const { amount, atRisk } of figures.mrr) expect(atRisk).toBeLessThanOrEqual(amount)
})

test.each(roles)("a %s sees no line that leads to where they may not go", async (role) => {
  const session = await admin.as(role)
  const html = await (await session.get("/")).text()
  const links = [...html.matchAll(/<li><a href="([^"]+)">/g)].map(([, href]) => href?.replaceAll("&amp;", "&") ?? "")
  expect(links.length).toBeGreaterThan(0)
  for (const href of links) expect((await session.get(href)).status, href).toBe(200)
})

test("the page in a browser", async () => {
  const { page, problems } = await admin.browser("owner")
  await page.goto("/")
  await screenshots(page, "admin-today-busy")
  await expectAccessible(page)
  expect(problems).toEqual([])
})
