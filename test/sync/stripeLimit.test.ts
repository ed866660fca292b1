import { execFile } from "node:child_process"
import path from "node:path"
import { promisify } from "node:util"
import { sql } from "drizzle-orm"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { StripeLimit } from "../../shared/billing/sync/stripeLimit.ts"
import { AppError } from "../../shared/errors.ts"
import { createStripeLists } from "../../shared/vendors/stripeLists.ts"
import { startScriptedServer } from "../support/scriptedServer.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"

const database = useDatabase()
const { db } = database
const ctx = testContext({ db, vendors: {} })
const root = path.join(import.meta.dirname, "../..")

/** A limit whose waits are written down and not waited for: when each request would have gone out. */
function written() {
  const waits: number[] = []
  const due: number[] = []
  const limit = new StripeLimit(ctx, 23, async (milliseconds) => {
    waits.push(milliseconds)
    due.push(Date.now() + milliseconds)
  })
  return { limit, waits, due }
}
const perSecond = async () =>
  Number(
    (await db.execute(sql`select per_second from vendor_limits where vendor = 'stripe' and use = 'sync'`)).rows[0]
      ?.per_second,
  )
const refused = (retryAfter: number | null = null) =>
  new AppError("rate_limited", "Slow down.", { details: { retryAfter } })
/** Fails with these errors, one after the other, and then succeeds. */
const failing = (...errors: Error[]) => {
  let calls = 0
  return async () => {
    const error = errors[calls++]
    if (error) throw error
    return calls
  }
}

beforeEach(async () => {
  await db.execute(sql`truncate vendor_limits`)
})

describe("requests to Stripe", () => {
  test("go at one rate together, from however many processes", async () => {
    const each = 60
    const code = `
      const { StripeLimit } = await import("./shared/billing/sync/stripeLimit.ts")
      const { createDatabase } = await import("./shared/db/client.ts")
      const db = createDatabase(${JSON.stringify({ url: database.url, httpEndpoint: database.httpEndpoint })})
      const due = []
      const limit = new StripeLimit({ db }, 23, async (milliseconds) => due.push(Date.now() + milliseconds))
      const began = Date.now()
      await Promise.all(Array.from({ length: ${each} }, () => limit.run(async () => {})))
      console.log(JSON.stringify({ began, last: Math.max(...due), requests: limit.requests }))`
    const run = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", code], { cwd: root })
    const ended = (await Promise.all([run(), run(), run()])).map(
      ({ stdout }): { began: number; last: number; requests: number } => JSON.parse(stdout),
    )
    expect(ended.map(({ requests }) => requests)).toEqual([each, each, each])
    const lasted = Math.max(...ended.map(({ last }) => last)) - Math.min(...ended.map(({ began }) => began))
    expect(lasted).toBeGreaterThanOrEqual(((3 * each - 1) / 23) * 1000)
  }, 60_000)

  test("go out one after the other, not six at once", async () => {
    const { limit, due } = written()
    await Promise.all(Array.from({ length: 24 }, () => limit.run(async () => {})))
    const gaps = due.toSorted((a, b) => a - b).map((at, index, all) => at - (all[index - 1] ?? 0))
    // Those of one turn are as far from each other as the rate says.
    const even = gaps.filter((gap) => Math.abs(gap - 1000 / 23) < 2)
    expect(even.length).toBeGreaterThanOrEqual(18)
  })
})

describe("where Stripe asks to slow down", () => {
  test("nobody asks again before the time that it names is over", async () => {
    const first = written()
    const other = written()
    const asked = Date.now()
    expect(await first.limit.run(failing(refused(3000)))).toBe(2)
    expect(first.due.at(-1)).toBeGreaterThanOrEqual(asked + 3000)
    await other.limit.run(async () => {})
    expect(other.due.at(-1)).toBeGreaterThanOrEqual(asked + 3000)
  })

  test("as its answers say it, over HTTP", async () => {
    const { limit, due } = written()
    const answers = [
      {
        status: 429,
        headers: { "retry-after": "2" },
        body: JSON.stringify({ error: { message: "Too fast.", code: "rate_limit" } }),
      },
      { status: 200, body: JSON.stringify({ object: "list", data: [{ id: "cus_1" }], has_more: false }) },
    ]
    server.script.next = () => answers.shift() ?? null
    const lists = createStripeLists({ secretKey: "sk_test_fake", apiBase: server.url })
    const asked = Date.now()
    expect(await limit.run(() => lists.page("/v1/customers", { limit: 100 }))).toMatchObject({
      data: [{ id: "cus_1" }],
    })
    expect(due.at(-1)).toBeGreaterThanOrEqual(asked + 2000)
    expect(server.asked).toHaveLength(2)
  })

  test("all go on slower; refusals of the same moment count once, later ones again", async () => {
    const refuse = () => written().limit.run(failing(refused(0)))
    const asOf = (seconds: number) =>
      db.execute(sql`update vendor_limits set slowed_at = clock_timestamp() - ${seconds} * interval '1 second'`)
    await refuse()
    // A tenth slower, and a fiftieth faster with the turn after.
    const once = 23 * 0.9 * 1.02
    expect(await perSecond()).toBeCloseTo(once)
    await asOf(0)
    await refuse()
    expect(await perSecond()).toBeCloseTo(once * 1.02 * 1.02)
    await asOf(3)
    await refuse()
    expect(await perSecond()).toBeCloseTo(once * 1.02 * 1.02 * 1.02 * 0.9 * 1.02)
  })

  test("it gets faster bit by bit while nobody objects, up to the full rate, and a sync begins at the full rate", async () => {
    const { limit } = written()
    await limit.run(async () => {})
    await db.execute(sql`update vendor_limits set per_second = 5`)
    const seen: number[] = []
    for (let turn = 0; turn < 90; turn++) {
      await written().limit.run(async () => {})
      seen.push(await perSecond())
    }
    expect(seen[0]).toBeCloseTo(5.1)
    expect(seen).toEqual(seen.toSorted((a, b) => a - b))
    expect(seen.at(-1)).toBe(23)
    await db.execute(sql`update vendor_limits set per_second = 5`)
    await limit.reset()
    expect(await perSecond()).toBe(23)
  })

  test("it never comes to a halt", async () => {
    const { limit } = written()
    await limit.run(async () => {})
    await db.execute(sql`update vendor_limits set per_second = 1`)
    const asked = Date.now()
    await written().limit.run(failing(refused(0)))
    expect(await perSecond()).toBeGreaterThanOrEqual(1)
    const { rows } = await db.execute(sql`select extract(epoch from next_at)::float8 * 1000 as at from vendor_limits`)
    expect(Number(rows[0]?.at)).toBeLessThan(asked + 30_000)
  })

  test("again and again it is given up for another time", async () => {
    const { limit } = written()
    const always = failing(...Array.from({ length: 20 }, () => refused(0)))
    await expect(limit.run(always)).rejects.toMatchObject({ code: "vendor_unavailable", retry: true })
    expect(limit.requests).toBe(8)
  })
})

describe("where Stripe does not answer", () => {
  const silent = () => new AppError("vendor_unavailable", "No answer.")

  test("it is asked again, after waits that grow, and given up in the end", async () => {
    const { limit, waits } = written()
    await expect(limit.run(failing(...Array.from({ length: 20 }, silent)))).rejects.toMatchObject({
      code: "vendor_unavailable",
    })
    expect(limit.requests).toBe(8)
    const expected = [250, 500, 1000, 2000, 4000, 8000, 15_000]
    // Among the waits for turns, which are shorter than a turn of six is long.
    const grown = waits.filter((wait) => expected.some((each) => wait >= each * 0.75 && wait <= each * 1.25))
    expect(grown.length).toBeGreaterThanOrEqual(expected.length)
    for (const each of expected) expect(waits.some((wait) => wait >= each * 0.75 && wait <= each * 1.25)).toBe(true)
    expect(await perSecond()).toBe(23)
  })

  test("and what no repetition mends is not repeated", async () => {
    const { limit } = written()
    const lacking = new AppError("misconfigured", "The key lacks rak_coupon_read.")
    await expect(limit.run(failing(lacking))).rejects.toBe(lacking)
    expect(limit.requests).toBe(1)
  })
})

let server: Awaited<ReturnType<typeof startScriptedServer>>
beforeAll(async () => {
  server = await startScriptedServer()
})
afterAll(() => server.close())
