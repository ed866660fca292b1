import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { customerTimeZone, dueAt } from "../../shared/automation/dueAt.ts"
import { wallTime } from "../../shared/time/zonedTime.ts"

const due = (days: number, at: string, start: string, zone: string) =>
  dueAt({ at, days }, new Date(start), zone).toISOString().replace(":00.000", "")

test("a delay counts from when it happened, in whatever zone and across any change of the clock", () => {
  const start = new Date("2026-10-24T22:30:00Z")
  expect(dueAt({ after: 0 }, start, "Europe/Berlin")).toEqual(start)
  expect(dueAt({ after: 90 }, start, "Europe/Berlin").toISOString()).toBe("2026-10-25T00:00:00.000Z")
  expect(dueAt({ after: 3 * 24 * 60 }, start, "nowhere").toISOString()).toBe("2026-10-27T22:30:00.000Z")
})

test.each([
  [
    "the same day where the time is still to come",
    0,
    "09:00",
    "2026-07-01T05:00:00Z",
    "Europe/Berlin",
    "2026-07-01T07:00Z",
  ],
  ["the next day where it has passed", 0, "09:00", "2026-07-01T08:00:00Z", "Europe/Berlin", "2026-07-02T07:00Z"],
  ["at once where it is that minute", 0, "09:00", "2026-07-01T07:00:00Z", "Europe/Berlin", "2026-07-01T07:00Z"],
  ["after two days", 2, "09:00", "2026-07-01T08:00:00Z", "Europe/Berlin", "2026-07-03T07:00Z"],
  ["after the clocks went forward", 1, "09:00", "2026-03-28T12:00:00Z", "Europe/Berlin", "2026-03-29T07:00Z"],
  ["after the clocks went back", 1, "09:00", "2026-10-24T12:00:00Z", "Europe/Berlin", "2026-10-25T08:00Z"],
  ["after the hour that spring skips", 1, "02:30", "2026-03-28T12:00:00Z", "Europe/Berlin", "2026-03-29T01:30Z"],
  [
    "in the first of the hours that autumn repeats",
    1,
    "02:30",
    "2026-10-24T12:00:00Z",
    "Europe/Berlin",
    "2026-10-25T00:30Z",
  ],
  ["in a zone of half hours", 1, "09:00", "2026-07-01T12:00:00Z", "Asia/Kolkata", "2026-07-02T03:30Z"],
  ["in a zone of quarter hours", 1, "09:00", "2026-07-01T12:00:00Z", "Asia/Kathmandu", "2026-07-02T03:15Z"],
  ["where half an hour is skipped", 1, "02:15", "2026-10-03T12:00:00Z", "Australia/Lord_Howe", "2026-10-03T15:45Z"],
  ["by the customer's day, not ours", 1, "09:00", "2026-07-01T23:00:00Z", "Pacific/Auckland", "2026-07-02T21:00Z"],
  ["west of here", 1, "09:00", "2026-07-02T03:00:00Z", "America/Los_Angeles", "2026-07-02T16:00Z"],
  ["across a year", 30, "09:00", "2026-12-15T12:00:00Z", "America/New_York", "2027-01-14T14:00Z"],
  ["on a leap day", 1, "09:00", "2028-02-28T12:00:00Z", "UTC", "2028-02-29T09:00Z"],
  ["where a whole day never was", 1, "09:00", "2011-12-29T20:00:00Z", "Pacific/Apia", "2011-12-30T19:00Z"],
  ["in UTC where the zone does not exist", 1, "09:00", "2026-07-01T12:00:00Z", "Mars/Olympus", "2026-07-02T09:00Z"],
])("a time of day comes %s", (_name, days, at, start, zone, expected) => {
  expect(due(days, at, start, zone)).toBe(expected)
})

test("a time of day never comes before it happened, and the clock shows it unless the day skips it", () => {
  const zones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/St_Johns", "UTC"]
  const noted = fc.record({
    start: fc.date({ min: new Date("2024-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
    days: fc.integer({ min: 0, max: 60 }),
    hour: fc.integer({ min: 4, max: 23 }),
    zone: fc.constantFrom(...zones),
  })
  fc.assert(
    fc.property(noted, ({ start, days, hour, zone }) => {
      const at = `${String(hour).padStart(2, "0")}:30`
      const instant = dueAt({ at, days }, start, zone)
      const waited = (instant.getTime() - start.getTime()) / 86_400_000
      expect(wallTime(instant, zone)).toMatchObject({ hour, minute: 30 })
      expect(instant >= start).toBe(true)
      expect(waited).toBeGreaterThan(days - 1.1)
      expect(waited).toBeLessThan(days + 1.1)
    }),
    { numRuns: 200 },
  )
})

describe("a customer's clock", () => {
  const zone = (timeZone: string | null, country: string | null, brand = "Europe/Stockholm") =>
    customerTimeZone({ timeZone, country }, brand)

  test("is their own zone, else their country's, else the brand's", () => {
    expect(zone("Asia/Tokyo", "DE")).toBe("Asia/Tokyo")
    expect(zone(null, "FR")).toBe("Europe/Paris")
    expect(zone(null, "IN")).toMatch(/^Asia\/(Calcutta|Kolkata)$/)
    expect(zone(null, null)).toBe("Europe/Stockholm")
  })

  test("is that of most people where a country has many", () => {
    expect([zone(null, "US"), zone(null, "br"), zone(null, "ES"), zone(null, "AU")]).toEqual([
      "America/New_York",
      "America/Sao_Paulo",
      "Europe/Madrid",
      "Australia/Sydney",
    ])
  })

  test.each(["constructor", "__proto__", "XX", "D", "Germany", "", "u-tz-x"])(
    "is the brand's where the country is %j",
    (country) => {
      expect(zone("Not/AZone", country)).toBe("Europe/Stockholm")
    },
  )

  test("is UTC where even the brand's zone does not exist", () => {
    expect(zone("", null, "Nowhere/Else")).toBe("UTC")
  })

  test("exists for every country", () => {
    const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    for (const country of letters.flatMap((a) => letters.map((b) => a + b)))
      expect(() => dueAt({ at: "09:00", days: 1 }, new Date(0), zone(null, country))).not.toThrow()
  })
})
