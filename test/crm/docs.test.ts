import { afterAll, beforeAll, expect, test } from "vitest"
import { screenshots, startBrowser } from "../support/browser.ts"
import { expectAccessible } from "../support/useAdmin.ts"
import { all } from "./operations.ts"
import { useCrm } from "./useCrm.ts"

const { key, workers } = useCrm()
let browser: Awaited<ReturnType<typeof startBrowser>>

beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser.close())

test("the documentation shows every operation and sends requests", async () => {
  const page = await browser.newPage()
  const errors: string[] = []
  page.on("pageerror", (error) => errors.push(error.message))
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()))
  await page.goto(`${workers.url()}/docs`)
  await page
    .locator("details")
    .nth(all.length - 1)
    .waitFor()
  expect(await page.locator("details").count()).toBe(all.length)

  await page.getByLabel("API key").fill((await key()).key)
  const operation = page.locator("#createLead")
  await operation.locator("summary").click()
  await operation.getByLabel("Body").fill('{"email":"docs@example.com","source":"docs"}')
  await operation.getByRole("button", { name: "Send" }).click()
  await operation.getByText("docs@example.com").waitFor()
  expect(await operation.locator("pre[aria-live]").textContent()).toMatch(/^201 /)
  await screenshots(page, "crm-docs")
  await expectAccessible(page)
  expect(errors).toEqual([])
})
