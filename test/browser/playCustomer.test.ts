import { type ChildProcess, spawn } from "node:child_process"
import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { portsFrom } from "../../scripts/local/localEnv.ts"
import { screenshots, startBrowser } from "../support/browser.ts"

const root = path.join(import.meta.dirname, "../..")
const ports = portsFrom(18_700)
const dashboard = `http://127.0.0.1:${ports.fakes}`
let data: string
let system: ChildProcess
let said = ""
let browser: Browser
let page: Page

beforeAll(async () => {
  data = mkdtempSync(path.join(tmpdir(), "ops-hq-browser-"))
  // PostgreSQL runs as another user under root, who must be able to get in.
  chmodSync(data, 0o755)
  system = spawn(process.execPath, ["scripts/dev.ts", "--port", String(ports.admin), "--data", data, "--fresh"], {
    cwd: root,
  })
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [system.stdout, system.stderr])
      stream?.on("data", (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes("\nready")) resolve()
      })
    system.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)))
  })
  browser = await startBrowser()
  await ready
  page = await browser.newPage()
  await page.goto(dashboard)
}, 120_000)

afterAll(async () => {
  await browser?.close()
  const gone = new Promise((resolve) => system.once("exit", resolve))
  system.kill("SIGTERM")
  await gone
  rmSync(data, { recursive: true, force: true })
})

async function stage(): Promise<unknown> {
  const client = new pg.Client({ connectionString: `postgres://postgres:postgres@127.0.0.1:${ports.postgres}/ops` })
  await client.connect()
  try {
    return (await client.query("select stage from customers")).rows[0]?.stage
  } finally {
    await client.end()
  }
}

const mail = (subject: string) => page.locator("#mails").getByText(subject)

test("npm start says where everything is", () => {
  for (const worker of ["admin", "crm", "webhooks", "discord", "portal", "jobs", "email"] as const)
    expect(said).toContain(`http://127.0.0.1:${ports[worker]}`)
  expect(said).toContain(dashboard)
})

test("a new customer subscribes, and the welcome mail, rendered, is there within 5 seconds", async () => {
  await page.getByLabel("Name", { exact: true }).fill("Grace <b>Hopper</b>")
  await page.getByLabel("E-mail").fill("grace@example.com")
  const started = Date.now()
  await page.getByRole("button", { name: "Subscribe", exact: true }).click()
  await mail("Welcome to Example Hosting").first().waitFor({ timeout: 5000 })
  expect(Date.now() - started).toBeLessThan(5000)
  await mail("Welcome to Example Hosting").first().click()
  const frame = page.frameLocator("#mails iframe").first()
  await frame.getByText("Hi Grace <b>Hopper</b>").waitFor()
  await screenshots(page, "stand-ins-welcome")
  expect(await stage()).toBe("purchase")
}, 60_000)

test("a failed payment starts dunning and a paid invoice ends it", async () => {
  await page.getByRole("button", { name: "Fail next payment" }).first().click()
  await page.getByText("Fail next payment: done").waitFor()
  await page.getByRole("button", { name: "Renew now" }).first().click()
  await mail("Your payment did not go through").first().waitFor({ timeout: 15_000 })
  await vi.waitFor(async () => expect(await stage()).toBe("at_risk"), { timeout: 10_000 })
  await screenshots(page, "stand-ins-dunning")
  await page.getByRole("button", { name: /^pay/i }).first().click()
  await mail("Thank you, your payment arrived").first().waitFor({ timeout: 15_000 })
  await vi.waitFor(async () => expect(await stage()).toBe("purchase"), { timeout: 10_000 })
}, 60_000)

test("a cancellation is confirmed and the customer counts as churned", async () => {
  await page
    .getByRole("button", { name: /cancel now/i })
    .first()
    .click()
  await vi.waitFor(async () => expect(await stage()).toBe("churned"), { timeout: 15_000 })
}, 60_000)
