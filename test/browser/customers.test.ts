import { readFileSync } from "node:fs"
import { sql } from "drizzle-orm"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeEach, expect, test } from "vitest"
import { screenshots, startBrowser } from "../support/browser.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const admin = useAdmin(database)
let plain: Browser | undefined
afterAll(() => plain?.close())

beforeEach(async () => {
  await db.execute(sql`truncate customers, segments, customer_imports cascade`)
  await db.execute(sql`
    insert into customers (id, stripe_id, email, name, country, stage, created_at, synced_at, synced_order, digest)
    select gen_random_uuid(), 'cus_' || g, 'payer' || g || '@example.com', 'Payer ' || g, 'DE', 'active',
      now() - interval '1 year' - g * interval '1 day', now(), '', ''
    from generate_series(1, 3) g`)
})

const hostile = `"><img src=x onerror=alert(1)> {{7*7}} \u202E`
const file = {
  name: "fair.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    [
      "Name;E-mail;Country;Time zone;Tags;Note",
      "Ada Koch;ada@example.com;SE;Europe/Stockholm;fair | vip;Met at the fair",
      `"${hostile.replaceAll('"', '""')}";hostile@example.com;SE;;fair;"${hostile.replaceAll('"', '""')}"`,
      "=1+1;formula@example.com;NO;;fair;",
      "Payer;payer1@example.com;;;fair;",
      "Bob;bob;;;;",
    ].join("\r\n"),
  ),
}

/** A file through its dry run, into a segment, tagged all at once, and out again as a file. */
async function work(page: Page, scripted: boolean): Promise<void> {
  const see = async (name: string) => {
    if (scripted) await expectAccessible(page)
    if (scripted) await screenshots(page, name)
    const wider = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth")
    expect([name, wider <= 0]).toEqual([name, true])
  }
  await page.goto("/customers")
  await page.getByRole("link", { name: "Import" }).click()
  await page.getByLabel("CSV file").setInputFiles(file)
  await page.getByRole("button", { name: "Look what would happen" }).click()
  await page.getByRole("button", { name: "Import: add 3, change 1" }).waitFor()
  await see("customers-dry-run")
  await page.getByRole("button", { name: "Import: add 3, change 1" }).click()
  await page.getByText("3 new, 1 changed.").waitFor()
  await see("customers-imported")

  await page.goto("/customers/segments/new")
  await page.getByLabel("Name", { exact: true }).fill(hostile)
  await page.getByLabel("Customers by").selectOption("Tags")
  if (!scripted) await page.getByRole("button", { name: "Go on" }).click()
  await page.getByLabel("with", { exact: true }).fill("fair")
  // What has just come answers once htmx has settled it.
  await expect.poll(() => page.locator(".htmx-request, .htmx-added, .htmx-settling").count()).toBe(0)
  await page.getByLabel("Another condition").selectOption("Stage")
  if (!scripted) await page.getByRole("button", { name: "Go on" }).click()
  await page.getByLabel("lead", { exact: true }).check()
  await page.getByRole("button", { name: "Go on" }).click()
  await page.getByText("3 customers now.").waitFor()
  await see("customers-segment")
  await page.getByRole("button", { name: "Save segment" }).last().click()
  await page.getByText("The segment is saved.").waitFor()
  await page.getByRole("link", { name: "Show these customers" }).click()
  await page.getByRole("heading", { name: "Customers", exact: true }).waitFor()
  expect(await page.locator("#results tbody tr").count()).toBe(3)
  await see("customers-of-segment")

  await page.getByLabel("All that match, on every page").fill("Autumn")
  await page.getByRole("button", { name: "Add tag to all" }).click()
  await page.getByRole("button", { name: "Add the tag to 3 customers" }).click()
  await page.getByText("3 customers were changed.").waitFor()
  expect(await page.locator("#results tbody .tag", { hasText: "autumn" }).count()).toBe(3)

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export as CSV" }).click(),
  ])
  const exported = readFileSync(await download.path(), "utf8")
  expect(exported.trimEnd().split("\r\n")).toHaveLength(1 + 3)
  expect(exported).toContain("'=1+1")

  await page.goto("/customers/import")
  await page.getByLabel("CSV file").setInputFiles({ ...file, buffer: Buffer.from(exported) })
  await page.getByRole("button", { name: "Look what would happen" }).click()
  await page.getByRole("heading", { name: "There is nothing to import" }).waitFor()
  await page.goto("/customers/segments")
  await page.getByText("Tags include one of fair and Stage is one of lead").waitFor()
  await see("customers-segments")
}

test("a file becomes customers, a segment, a mass change and the same file again", async () => {
  const { page, problems } = await admin.browser("owner")
  let alerts = 0
  page.on("dialog", (dialog) => {
    alerts++
    void dialog.dismiss()
  })
  await work(page, true)
  expect(alerts).toBe(0)
  expect(problems).toEqual([])
}, 60_000)

test("all of it works without script, and on a phone", async () => {
  plain = await startBrowser()
  const context = await plain.newContext({
    baseURL: admin.workers.url(),
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  })
  const page = await context.newPage()
  await page.goto("/sign-in")
  await page.getByLabel("Role").selectOption("owner")
  await page.getByRole("button", { name: "Sign in" }).click()
  await work(page, false)
}, 60_000)

test("without a mouse: a segment from its first condition to its customers", async () => {
  const { page, problems } = await admin.browser("support")
  await page.goto("/customers/segments/new")
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  await page.getByLabel("Name", { exact: true }).focus()
  await page.keyboard.type("Germans")
  await press("Tab", "Tab")
  await page.keyboard.type("Country")
  await press("Tab")
  // The row has come back with what it compares with, and the focus is where it was.
  await page.getByLabel("with", { exact: true }).waitFor()
  await page.getByLabel("with", { exact: true }).focus()
  await page.keyboard.type("de")
  await press("Enter")
  await page.getByText("The segment is saved.").waitFor()
  await page.getByRole("link", { name: "Show these customers" }).focus()
  await press("Enter")
  await page.locator("#results tbody tr").nth(2).waitFor()
  expect(problems).toEqual([])
})
