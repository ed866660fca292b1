import fc from "fast-check"
import { expect, test } from "vitest"
import { workingMinutes } from "../../shared/support/figures/workingMinutes.ts"
import { workingMinutesAgo } from "../../shared/support/figures/workingMinutesAgo.ts"
import { workingMinutesOn } from "../../shared/support/figures/workingMinutesOn.ts"
import type { SupportHours } from "../../shared/support/figures/workingSpans.ts"

const minute = 60_000
const office: SupportHours = {
  timeZone: "Europe/Berlin",
  days: [...Array.from({ length: 5 }, () => ({ from: "09:00", until: "18:00" })), null, null],
}
const at = (text: string) => new Date(text)

/** What the hours say of one minute, read off the wall clock alone. */
function isOpen(instant: number, hours: SupportHours, format: Intl.DateTimeFormat): boolean {
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  const weekday = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(parts.weekday ?? "")
  const time = `${parts.hour}:${parts.minute}`
  const today = hours.days[weekday]
  const before = hours.days[(weekday + 6) % 7]
  if (today && time >= today.from && (time < today.until || today.until <= today.from)) return true
  return Boolean(before && before.until <= before.from && time < before.until)
}

const counted = (from: number, until: number, hours: SupportHours) => {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: hours.timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  })
  let sum = 0
  for (let each = from; each < until; each += minute) if (isOpen(each, hours, format)) sum++
  return sum
}

const zones = [
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Australia/Adelaide",
  "America/St_Johns",
  "Pacific/Chatham",
  "Pacific/Apia",
  "Africa/Casablanca",
  "UTC",
]
const time = fc
  .integer({ min: 0, max: 1439 })
  .map((of) => `${String(Math.floor(of / 60)).padStart(2, "0")}:${String(of % 60).padStart(2, "0")}`)
const anyHours: fc.Arbitrary<SupportHours> = fc.record({
  timeZone: fc.constantFrom(...zones),
  days: fc.array(fc.option(fc.record({ from: time, until: time })), { minLength: 7, maxLength: 7 }),
})
/** Near a change of the clocks more often than not. */
const anyStart = fc
  .tuple(
    fc.constantFrom(
      "2026-03-08T07:00:00Z",
      "2026-03-29T01:00:00Z",
      "2026-04-04T15:00:00Z",
      "2026-10-03T16:30:00Z",
      "2026-10-25T01:00:00Z",
      "2026-11-01T06:00:00Z",
      "2026-02-15T02:00:00Z",
      "2026-07-01T00:00:00Z",
    ),
    fc.integer({ min: -3 * 1440, max: 1440 }),
  )
  .map(([moment, shift]) => at(moment).getTime() + shift * minute)

test("working minutes are those that the clock on the wall shows within the hours, in any zone, around any change", () => {
  fc.assert(
    fc.property(anyHours, anyStart, fc.integer({ min: 0, max: 4 * 1440 }), (hours, from, length) => {
      const until = from + length * minute
      expect(workingMinutes(new Date(from), new Date(until), hours)).toBe(counted(from, until, hours))
    }),
    { numRuns: 150 },
  )
}, 60_000)

test("a time split anywhere adds up, to the millisecond", () => {
  fc.assert(
    fc.property(
      anyHours,
      anyStart,
      fc.array(fc.nat(90 * 86_400_000), { minLength: 3, maxLength: 3 }),
      (hours, start, cuts) => {
        const [a = 0, b = 0, c = 0] = cuts.toSorted((one, other) => one - other).map((cut) => start + cut)
        const between = (from: number, until: number) => workingMinutes(new Date(from), new Date(until), hours)
        expect(between(a, b) + between(b, c)).toBeCloseTo(between(a, c), 6)
      },
    ),
    { numRuns: 150 },
  )
}, 60_000)

test("so many working minutes ago, and on, is where so many lie between", () => {
  fc.assert(
    fc.property(anyHours, anyStart, fc.integer({ min: 1, max: 20_000 }), (hours, start, minutes) => {
      const now = new Date(start)
      const ago = workingMinutesAgo(minutes, now, hours)
      const on = workingMinutesOn(minutes, now, hours)
      if (hours.days.every((day) => day === null)) expect([ago, on]).toEqual([null, null])
      if (!ago || !on) return
      expect(workingMinutes(ago, now, hours)).toBeCloseTo(minutes, 6)
      // A moment later it is less: none later would do.
      expect(workingMinutes(new Date(ago.getTime() + 1), now, hours)).toBeLessThan(minutes)
      expect(workingMinutes(now, on, hours)).toBeCloseTo(minutes, 6)
      expect(workingMinutes(now, new Date(on.getTime() - 1), hours)).toBeLessThan(minutes)
    }),
    { numRuns: 100 },
  )
}, 60_000)

test.each([
  ["an hour of a Monday", "2026-11-16T09:00:00Z", "2026-11-16T10:00:00Z", 60],
  ["an evening and the next morning", "2026-11-16T16:30:00Z", "2026-11-17T08:15:00Z", 45],
  ["a weekend", "2026-11-20T17:00:00Z", "2026-11-23T08:00:00Z", 0],
  ["a week", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", 5 * 9 * 60],
  ["a week in which the clocks change", "2026-10-19T00:00:00Z", "2026-10-26T00:00:00Z", 5 * 9 * 60],
  ["backwards", "2026-11-16T10:00:00Z", "2026-11-16T09:00:00Z", 0],
])("%s has as many working minutes as a hand count", (_name, from, until, minutes) => {
  expect(workingMinutes(at(from), at(until), office)).toBe(minutes)
})

test("an hour that the spring skips is none, one that the autumn repeats is two, and all day is all day", () => {
  const nights: SupportHours = { timeZone: "Europe/Berlin", days: Array(7).fill({ from: "02:00", until: "03:00" }) }
  expect(workingMinutes(at("2026-03-28T22:00:00Z"), at("2026-03-29T10:00:00Z"), nights)).toBe(0)
  expect(workingMinutes(at("2026-10-24T22:00:00Z"), at("2026-10-25T10:00:00Z"), nights)).toBe(120)
  const always: SupportHours = { timeZone: "Asia/Kathmandu", days: Array(7).fill({ from: "00:00", until: "00:00" }) }
  expect(workingMinutes(at("2026-11-16T00:00:00Z"), at("2026-11-18T00:00:00Z"), always)).toBe(2880)
})
