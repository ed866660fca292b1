import { sql } from "drizzle-orm"
import type { Page } from "playwright-core"
import { beforeAll, expect, test } from "vitest"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import { areas } from "../../workers/admin/areas.ts"
import { testContext } from "../support/testContext.ts"
import { useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
const ada = "00000000-0000-4000-8000-0000000000a1"

beforeAll(async () => {
  await seedDefaults(testContext({ db, vendors: {} }))
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
    values (${ada}, 'cus_ada', 'ada@example.com', 'Ada Koch', now(), now(), '', '')`)
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, country, stage, tags, created_at, synced_at, synced_order, digest)
    select gen_random_uuid(), 'cus_' || g, 'c' || g || '@example.com',
      case when g % 7 = 0 then repeat('Very long name ', 1 + g % 6) else 'Name ' || g end, 'SE',
      (array['lead', 'active', 'at_risk', 'churned'])[1 + g % 4],
      case when g % 3 = 0 then array['vip', 'a longer tag'] else '{}'::text[] end,
      now() - g * interval '1 day', now(), '', ''
    from generate_series(1, 130) g`)
})

/** Goes on with the Tab key until something that answers to `name` has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 150; presses++) {
    await page.keyboard.press("Tab")
    const focused = await page.evaluate<string>(`(() => {
      const element = document.activeElement
      const label = element.labels?.[0]?.textContent ?? ""
      return [element.getAttribute("aria-label") ?? "", label, element.textContent, element.value ?? ""].join(" ").trim()
    })()`)
    if (name.test(focused)) return
  }
  throw new Error(`The Tab key does not reach ${name} on ${page.url()}.`)
}

test("without a mouse: find a customer, tag them, write a rule, and sign out", async () => {
  const { page, problems } = await admin.browser("owner")
  await page.goto("/")
  await page.keyboard.press("/")
  await page.keyboard.type("ada")
  await page.locator("#palette .hits a", { hasText: "Ada Koch" }).waitFor()
  await expect.poll(() => page.locator("#palette .hits a").count()).toBe(1)
  await page.keyboard.press("Enter")
  await page.waitForURL(`**/customers/${ada}`)

  await tabTo(page, /^New tag/)
  await page.keyboard.type("met-in-person")
  await page.keyboard.press("Enter")
  await page.getByText("met-in-person").first().waitFor()

  await page.keyboard.press("g")
  await page.keyboard.press("a")
  await page.waitForURL("**/automations")
  await tabTo(page, /^New rule$/)
  await page.keyboard.press("Enter")
  await page.waitForURL("**/automations/rules/new")
  await tabTo(page, /^Name/)
  await page.keyboard.type("Thank for paying")
  await tabTo(page, /^Reacts to/)
  await page.keyboard.type("Invoice paid")
  await tabTo(page, /^Action/)
  await page.keyboard.press("ArrowDown")
  await page.keyboard.type("Add a")
  await tabTo(page, /^Sequence, tag or message/)
  await page.keyboard.type("paid-once")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/automations/rules/thank-for-paying?saved=1")

  await tabTo(page, /^Sign out$/)
  await page.keyboard.press("Enter")
  await page.waitForURL("**/sign-in**")
  expect(problems).toEqual([])
}, 60_000)

/** Whatever can be acted on and seen, that the Tab key has not reached; and what it reached without showing it. */
const reach = `(() => {
  const style = getComputedStyle(document.activeElement)
  const { dataset } = document.activeElement
  // A date has several parts to stop at; each of them shows itself.
  const shown = dataset.reached === "seen" || style.outlineStyle !== "none" || style.boxShadow !== "none"
  dataset.reached = shown ? "seen" : "unseen"
  return document.activeElement === document.body
})()`
const left = `[...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.disabled && element.tabIndex >= 0 && !element.closest("dialog"))
  .filter((element) => element.dataset.reached !== "seen" && !(element.type === "radio"))
  .map((element) => (element.dataset.reached ?? "not reached") + ": " + element.outerHTML.slice(0, 120))`

test.each(
  areas.map(({ path }) => path).concat(`/customers/${ada}`, "/automations/rules/welcome", "/templates/welcome"),
)(
  "every link and control of %s is reached with the Tab key, and shows it",
  async (path) => {
    const { page } = await admin.browser("owner")
    await page.goto(path)
    for (let presses = 0; presses < 600; presses++) {
      await page.keyboard.press("Tab")
      if ((await page.evaluate<boolean>(reach)) && presses > 0) break
    }
    expect(await page.evaluate<string[]>(left)).toEqual([])
    await page.close()
  },
  60_000,
)

test("going to the next page shifts nothing", async () => {
  const { page } = await admin.browser("owner")
  await page.addInitScript(`
    window.shifts = 0
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shifts += entry.value })
      .observe({ type: "layout-shift", buffered: true })`)
  await page.goto("/customers?sort=-created")
  const places = () =>
    page.evaluate<number[]>(`[...document.querySelectorAll("main h1, .filters, thead th")].flatMap((element) => {
      const { x, y } = element.getBoundingClientRect()
      return [Math.round(x), Math.round(y + window.scrollY)]
    })`)
  await page.locator("table").waitFor()
  const before = await places()
  await page.getByRole("link", { name: "Next page" }).click()
  await page.getByRole("link", { name: "First page" }).waitFor()
  await page.waitForFunction("document.readyState === 'complete'")
  expect(await places()).toEqual(before)
  expect(await page.evaluate<number>("window.shifts")).toBeLessThan(0.01)
})
