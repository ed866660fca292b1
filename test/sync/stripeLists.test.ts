import { sql } from "drizzle-orm"
import { afterAll, beforeAll, expect, test } from "vitest"
import { createStripeLists } from "../../shared/vendors/stripeLists.ts"
import { type ScriptedAnswer, startScriptedServer } from "../support/scriptedServer.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { runSync, syncContext } from "./runSync.ts"

const { db } = useDatabase()
let server: Awaited<ReturnType<typeof startScriptedServer>>
beforeAll(async () => {
  server = await startScriptedServer()
})
afterAll(() => server.close())

const lists = () => createStripeLists({ secretKey: "rk_test_fake", apiBase: server.url })
const answering = (answer: ScriptedAnswer | null) => {
  server.script.next = () => answer
}
const refusal = (status: number, error: object, headers: Record<string, string> = {}): ScriptedAnswer => ({
  status,
  headers,
  body: JSON.stringify({ error }),
})
const lacking = refusal(403, {
  type: "invalid_request_error",
  message:
    "The provided key 'rk_test_*****' does not have the required permissions for this endpoint on account 'acct_1'. Having the 'rak_coupon_read' permission would allow this request to continue.",
})

test("a page is asked for as Stripe wants it, and dated by Stripe's clock", async () => {
  answering({
    status: 200,
    headers: { date: "Sat, 21 Nov 2026 03:00:00 GMT" },
    body: JSON.stringify({ object: "list", data: [{ id: "sub_1" }], has_more: true }),
  })
  const page = await lists().page("/v1/subscriptions", {
    limit: 100,
    status: "all",
    starting_after: "sub_0",
    created: { gte: 5, lt: 9 },
    expand: ["data.discounts"],
  })
  expect(page).toMatchObject({ data: [{ id: "sub_1" }], hasMore: true })
  // An answer is as of when it was asked for.
  const early = new Date("2026-11-21T03:00:00Z").getTime() - page.at.getTime()
  expect(early).toBeGreaterThanOrEqual(0)
  expect(early).toBeLessThan(5000)
  const asked = new URL(server.asked.at(-1)?.path ?? "", server.url)
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    limit: "100",
    status: "all",
    starting_after: "sub_0",
    "created[gte]": "5",
    "created[lt]": "9",
    "expand[]": "data.discounts",
  })
})

test("a rate limit says how long to wait, and is not tried again behind our back", async () => {
  const before = server.asked.length
  answering(
    refusal(429, { type: "invalid_request_error", code: "rate_limit", message: "Too fast." }, { "retry-after": "3" }),
  )
  await expect(lists().page("/v1/prices", { limit: 1 })).rejects.toMatchObject({
    code: "rate_limited",
    details: { retryAfter: 3000 },
  })
  expect(server.asked.length).toBe(before + 1)
})

test("a missing permission is an error that names it, and fails the sync at once: never an empty result", async () => {
  answering(lacking)
  await expect(lists().page("/v1/coupons", { limit: 100 })).rejects.toMatchObject({
    code: "misconfigured",
    message: expect.stringContaining("rak_coupon_read"),
  })
  const empty = { status: 200, body: JSON.stringify({ object: "list", data: [], has_more: false }) }
  server.script.next = () => (server.asked.at(-1)?.path.startsWith("/stripe/v1/coupons") ? lacking : empty)
  const ctx = syncContext({ db, now: new Date("2026-11-21T03:00:00Z"), url: server.url })
  expect(await runSync(ctx)).toMatchObject({ outcome: "failed", error: expect.stringContaining("rak_coupon_read") })
  const { rows } = await db.execute(sql`select message from staff_notifications where key like 'job:stripe-sync:%'`)
  expect(rows).toEqual([{ message: expect.stringContaining("rak_coupon_read") }])
})

test("an answer that is no list, and no answer at all, are for another time", async () => {
  answering({ status: 200, body: JSON.stringify({ object: "customer" }) })
  await expect(lists().page("/v1/customers", { limit: 1 })).rejects.toMatchObject({ code: "vendor_unavailable" })
  answering(null)
  await expect(lists().page("/v1/customers", { limit: 1 })).rejects.toMatchObject({ code: "vendor_unavailable" })
})
