import { expect, test } from "vitest"
import { roles } from "../../shared/staff/roles.ts"
import { screenshots } from "../support/browser.ts"
import { expectAccessible, useAdmin } from "../support/useAdmin.ts"
import { useDatabase } from "../support/useDatabase.ts"

const admin = useAdmin(useDatabase())

test("who is not signed in is sent to sign in, and back to the page afterwards", async () => {
  const answer = await admin.workers.fetch("admin", "/search?q=ada", { redirect: "manual" })
  expect(answer.status).toBe(303)
  expect(answer.headers.get("location")).toBe("/sign-in?back=%2Fsearch%3Fq%3Dada")
})

test.each(["//evil.example", "/\\evil.example", "https://evil.example", ""])(
  "signing in never leads to another site (%j)",
  async (back) => {
    const answer = await admin.workers.fetch("admin", "/sign-in/local", {
      method: "POST",
      headers: { origin: "http://admin", "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ role: "viewer", back }).toString(),
      redirect: "manual",
    })
    expect(answer.headers.get("location")).toBe("/")
  },
)

test.each([
  ["another origin", { origin: "https://evil.example" }],
  ["another site", { "sec-fetch-site": "cross-site" }],
  ["a sibling host", { "sec-fetch-site": "same-site" }],
  ["no page at all", { origin: "null" }],
])("a form that %s sent is refused", async (_from, headers) => {
  const owner = await admin.as("owner")
  const answer = await owner.post("/sign-in/out", {}, headers)
  expect(answer.status).toBe(403)
  expect((await owner.get("/")).status).toBe(200)
})

test("a request that says nothing of where it came from is refused", async () => {
  const answer = await admin.workers.fetch("admin", "/sign-in/local", { method: "POST", body: "role=owner" })
  expect(answer.status).toBe(403)
})

test("signing out ends the session, not only the cookie", async () => {
  const session = await admin.as("ops")
  expect((await session.get("/")).status).toBe(200)
  expect((await session.post("/sign-in/out")).status).toBe(303)
  expect((await session.get("/")).status).toBe(303)
})

test("every answer carries the headers that keep a page to itself", async () => {
  const session = await admin.as("viewer")
  for (const path of ["/", "/nothing-here", "/sign-in", "/search"]) {
    const { headers } = await session.get(path)
    const policy = headers.get("content-security-policy") ?? ""
    expect(policy).toMatch(/script-src 'nonce-[A-Za-z0-9+/=_-]+'(;|$)/)
    for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'"])
      expect(policy).toContain(part)
    expect(policy).not.toMatch(/unsafe/)
    expect(Number(/max-age=(\d+)/.exec(headers.get("strict-transport-security") ?? "")?.[1])).toBeGreaterThan(
      31_535_999,
    )
    expect(headers.get("x-content-type-options")).toBe("nosniff")
    expect(headers.get("referrer-policy")).toBe("same-origin")
    expect(headers.get("cross-origin-opener-policy")).toBe("same-origin")
    expect(headers.get("cache-control")).toBe("private, no-store")
  }
})

test("scripts weigh less than 60 KB compressed", async () => {
  const session = await admin.as("viewer")
  const html = await (await session.get("/")).text()
  const scripts = [...html.matchAll(/<script[^>]* src="([^"]+)"/g)].map(([, src]) => src ?? "")
  expect(scripts.length).toBeGreaterThan(0)
  let bytes = 0
  for (const src of scripts) {
    const text = await (await session.get(src)).text()
    const packed = new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")))
    bytes += (await packed.arrayBuffer()).byteLength
  }
  expect(bytes).toBeLessThan(60 * 1024)
})

test.each(roles)("a %s sees the Today page without an error", async (role) => {
  const session = await admin.as(role)
  const answer = await session.get("/")
  expect(answer.status).toBe(200)
  expect(await answer.text()).toContain("Needs a person")
})

test("the frame in a browser: looks, accessibility, palette and keyboard", async () => {
  const { page, problems } = await admin.browser("owner")
  for (const [name, path] of [
    ["today", "/"],
    ["ui", "/ui"],
    ["search", "/search?q=today"],
    ["not-found", "/nothing-here"],
  ] as const) {
    await page.goto(path)
    await screenshots(page, `admin-${name}`)
    await page.emulateMedia({ colorScheme: "light" })
    await expectAccessible(page)
    await page.emulateMedia({ colorScheme: "dark" })
    await expectAccessible(page)
    const wider = await page.evaluate<number>("document.documentElement.scrollWidth - window.innerWidth")
    expect(wider, `${path} scrolls sideways on a phone`).toBeLessThanOrEqual(0)
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.goto("/ui")
  // One request after the other: one that is aborted by the next, or by leaving, is a problem in the console.
  await Promise.all([page.waitForResponse(/\/search\?q=$/), page.keyboard.press("Control+k")])
  await page.locator("#palette .hits a").nth(1).waitFor()
  await page.keyboard.insertText("tod")
  await expect
    .poll(() => page.locator("#palette .hits a").allTextContents())
    .toEqual([expect.stringContaining("Today")])
  await screenshots(page, "admin-palette")
  await page.keyboard.press("Enter")
  await page.waitForURL("**/")
  expect(problems.filter((problem) => !problem.includes("404"))).toEqual([])
})
