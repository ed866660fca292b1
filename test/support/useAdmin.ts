import axe from "axe-core"
import type { Browser, Page } from "playwright-core"
import { afterAll, expect } from "vitest"
import type { WorkerName } from "../../shared/env.ts"
import type { Role } from "../../shared/staff/roles.ts"
import { startBrowser } from "./browser.ts"
import type { TestDatabase } from "./useDatabase.ts"
import { type TestWorkers, useWorkers, type WorkerAnswer } from "./useWorkers.ts"

type Form = Record<string, string | string[]>
type Headers = Record<string, string>

export interface AdminSession {
  cookie: string
  get(path: string, headers?: Headers): Promise<WorkerAnswer>
  /** Posts a form as one of our pages would; a redirect is answered, not followed. */
  post(path: string, form?: Form, headers?: Headers): Promise<WorkerAnswer>
}

export interface TestAdmin {
  workers: TestWorkers
  /** Signed in with a role. */
  as(role: Role): Promise<AdminSession>
  /** A page of Chromium, signed in with a role. Fails the test on an error in the page's console. */
  browser(role: Role): Promise<{ page: Page; url: string; problems: string[] }>
}

const ourPage = { origin: "http://admin", "sec-fetch-site": "same-origin" }

/** The staff pages in workerd, with sign-in as local development has it. */
export function useAdmin(database: TestDatabase, others: WorkerName[] = []): TestAdmin {
  const workers = useWorkers(database, ["admin", ...others])
  let browser: Browser | undefined
  afterAll(() => browser?.close())

  const post = (path: string, form: Form, headers: Headers) => {
    const fields = new URLSearchParams()
    for (const [name, value] of Object.entries(form)) for (const each of [value].flat()) fields.append(name, each)
    return workers.fetch("admin", path, {
      method: "POST",
      headers: { ...ourPage, "content-type": "application/x-www-form-urlencoded", ...headers },
      body: fields.toString(),
      redirect: "manual",
    })
  }

  return {
    workers,
    async as(role) {
      const answer = await post("/sign-in/local", { role }, {})
      const cookie = answer.headers.get("set-cookie")?.split(";")[0]
      if (!cookie) throw new Error(`Signing in as ${role} was answered ${answer.status}: ${await answer.text()}`)
      return {
        cookie,
        get: (path, headers = {}) =>
          workers.fetch("admin", path, { headers: { cookie, ...headers }, redirect: "manual" }),
        post: (path, form = {}, headers = {}) => post(path, form, { cookie, ...headers }),
      }
    },
    async browser(role) {
      browser ??= await startBrowser()
      const context = await browser.newContext({ baseURL: workers.url() })
      const page = await context.newPage()
      const problems: string[] = []
      page.on("pageerror", (error) => problems.push(String(error)))
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text())
      })
      await page.goto("/sign-in")
      await page.getByLabel("Role").selectOption(role)
      await page.getByRole("button", { name: "Sign in" }).click()
      await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"))
      return { page, url: workers.url(), problems }
    },
  }
}

/** Serious and critical findings of axe on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  // Through the protocol, past the page's content security policy.
  await page.evaluate(axe.source)
  const findings = await page.evaluate<
    string[]
  >(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`)
  expect(findings).toEqual([])
}
