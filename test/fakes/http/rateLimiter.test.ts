import { expect, test } from "vitest"
import { RateLimiter } from "./rateLimiter.ts"

test("so many requests fit into any second, not into each second of the clock", () => {
  const limiter = new RateLimiter(2)
  const allowed = (at: number) => limiter.take(at).allowed
  expect([allowed(900), allowed(950), allowed(1100), allowed(1899)]).toEqual([true, true, false, false])
  expect([allowed(1900), allowed(1920), allowed(1950)]).toEqual([true, false, true])
})

test("what remains and when there is room again is told", () => {
  const limiter = new RateLimiter(2)
  expect(limiter.take(0)).toEqual({ allowed: true, remaining: 1, reset: 1 })
  expect(limiter.take(10)).toEqual({ allowed: true, remaining: 0, reset: 1 })
})

test("zero and infinity are no limit", () => {
  for (const perSecond of [0, Number.POSITIVE_INFINITY]) {
    const limiter = new RateLimiter(perSecond)
    expect(Array.from({ length: 1000 }, () => limiter.take(0).allowed).every(Boolean)).toBe(true)
  }
})
