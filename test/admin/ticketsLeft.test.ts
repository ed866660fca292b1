import { sql } from "drizzle-orm"
import { beforeEach, expect, test } from "vitest"
import { claimInteraction } from "../../shared/support/claimInteraction.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { settleInteraction } from "../../shared/support/settleInteraction.ts"
import { screenshots } from "../support/browser.ts"
import { command, modalSubmit } from "../support/discordInteractions.ts"
import { testContext } from "../support/testContext.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
const ctx = testContext({ db, now: new Date(), vendors: {} })
const hostile = `"'><script>window.taken=1</script><img src=x onerror=window.taken=1> \u202Egnp.exe`

const label = (component: object) => ({ type: 18, component })
const form = () =>
  modalSubmit("ticket.form:billing", [label({ type: 4, custom_id: "description", value: `Pay twice ${hostile}` })])

/** It failed, and is left to staff. */
async function left(act: ReturnType<typeof form> | ReturnType<typeof command>) {
  const [kind, name] =
    "custom_id" in act.data ? (["modal", "ticket.form"] as const) : (["command", act.data.name] as const)
  await claimInteraction(ctx, { id: act.id, kind, name, userId: act.member.user.id, payload: act })
  await settleInteraction(ctx, { id: act.id, error: `It broke ${hostile}`, next: "staff" })
  return act.id
}

beforeEach(async () => {
  await db.execute(sql`truncate tickets, discord_interactions, ticket_categories cascade`)
  await seedSupport(ctx)
})

test("staff see what came to nothing, and what each of them types to do about it works without JavaScript", async () => {
  const [retried, opened, aside] = [await left(command("ticket")), await left(form()), await left(command("block"))]
  const session = await admin.as("support")
  const html = await (await session.get("/tickets/left")).text()
  expect(html).toContain("Pay twice")
  expect((await session.post(`/tickets/left/${retried}/retry`)).headers.get("location")).toBe("/tickets/left?asked=1")
  const answer = await session.post(`/tickets/left/${opened}/open`, { category: "technical" })
  expect(answer.headers.get("location")).toMatch(/^\/tickets\/[0-9a-f-]{36}$/)
  expect((await session.post(`/tickets/left/${aside}/aside`)).status).toBe(303)
  expect((await db.execute(sql`select category_id from tickets`)).rows).toEqual([{ category_id: "technical" }])
  expect(await (await session.get("/tickets/left")).text()).toContain("Nothing has failed")
  expect(await (await session.get("/tickets/left?show=aside")).text()).toContain("block")
  expect((await session.post(`/tickets/left/${aside}/aside`)).status).toBe(409)
  expect((await session.post("/tickets/left/nonsense/open", { category: "x" })).status).toBe(409)
  expect((await session.get("/tickets/left?after=%5B1&show=x")).status).toBe(200)
})

test("pages go on where the last one ended, and show each once", async () => {
  for (let count = 0; count < 51; count++) await left(form())
  const session = await admin.as("support")
  const first = await (await session.get("/tickets/left")).text()
  const next = /href="([^"]+)" rel="next"/.exec(first)?.[1]?.replaceAll("&amp;", "&") ?? ""
  const second = await (await session.get(next)).text()
  const ids = [...`${first}${second}`.matchAll(/left\/(\d+)\/aside/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(51)
  expect(ids).toHaveLength(51)
})

test("the page in a browser: hostile text does nothing, on a phone and in the dark as well", async () => {
  for (let count = 0; count < 3; count++) await left(count === 1 ? command("ticket") : form())
  const { page, problems } = await admin.browser("support")
  await page.goto("/tickets/left")
  await screenshots(page, "admin-tickets-left")
  await expectAccessible(page)
  expect(await page.evaluate("window.taken")).toBeUndefined()
  expect(problems).toEqual([])
  await page.getByRole("link", { name: "Came to nothing" }).focus()
  await page
    .getByRole("button", { name: /^Set aside/ })
    .first()
    .press("Enter")
  await page.waitForURL("**/tickets/left")
  expect(await page.getByRole("button", { name: /^Set aside/ }).count()).toBe(2)
})
