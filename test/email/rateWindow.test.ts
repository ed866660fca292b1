import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { createRateWindow } from "../../shared/vendors/rateWindow.ts"

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A vendor that lets through so many requests in any second and says so; returns when each arrived, and the refusals. */
async function run(options: { perSecond: number; requests: number; lanes: number; told: boolean }) {
  const window = createRateWindow()
  const arrived: number[] = []
  let refused = 0
  let toDo = options.requests
  const lane = async () => {
    while (toDo > 0) {
      toDo--
      await window.turn()
      const now = Date.now()
      const recent = arrived.filter((at) => now - at < 1000).length
      if (recent >= options.perSecond) {
        refused++
        toDo++
        await new Promise((resolve) => setTimeout(resolve, 120))
        window.answered({ "retry-after": "1" })
        continue
      }
      arrived.push(now)
      await new Promise((resolve) => setTimeout(resolve, 120))
      const remaining = String(options.perSecond - recent - 1)
      const limits = {
        "ratelimit-limit": String(options.perSecond),
        "ratelimit-remaining": remaining,
        "ratelimit-reset": "1",
      }
      window.answered(options.told ? limits : {})
    }
  }
  const started = Date.now()
  const done = Promise.all(Array.from({ length: options.lanes }, lane))
  await vi.advanceTimersByTimeAsync(60_000)
  await done
  return { seconds: (Math.max(...arrived) - started) / 1000, refused, count: arrived.length }
}

test.each([2, 5, 10])("four lanes keep to %i requests a second, and come close to it", async (perSecond) => {
  const requests = perSecond * 6
  const { seconds, refused, count } = await run({ perSecond, requests, lanes: 4, told: true })
  expect([count, refused]).toEqual([requests, 0])
  expect(seconds).toBeLessThan(10)
})

test("where nothing is told of a limit, nothing waits but the first answer", async () => {
  const { seconds, refused } = await run({ perSecond: 1000, requests: 40, lanes: 4, told: false })
  expect(refused).toBe(0)
  expect(seconds).toBeLessThan(1.5)
})

test("where nothing is told but refusals, each second costs no more refusals than there are lanes", async () => {
  const { seconds, refused, count } = await run({ perSecond: 3, requests: 12, lanes: 4, told: false })
  expect(count).toBe(12)
  expect(refused).toBeLessThanOrEqual(4 * Math.ceil(seconds))
})
