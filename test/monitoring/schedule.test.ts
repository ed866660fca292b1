import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { cronsOf } from "../../scripts/local/cron.ts"
import { jobDefinitions } from "../../shared/monitoring/jobDefinitions.ts"
import { lastSlot, nextSlot } from "../../shared/monitoring/schedule.ts"
import { scheduleInWords } from "../../shared/monitoring/scheduleInWords.ts"
import { runners } from "../../workers/jobs/runners.ts"

const at = (text: string) => new Date(text)
const slots = (cron: string, timeZone: string, from: string, count: number) => {
  const found: string[] = []
  for (let last = at(from); found.length < count; ) {
    last = nextSlot({ cron, timeZone }, last)
    found.push(last.toISOString())
  }
  return found
}

describe("the time of a job, by the clock on the wall of its own zone", () => {
  test("moves with summer time", () => {
    expect(slots("0 8 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3)).toEqual([
      "2026-03-28T07:00:00.000Z",
      "2026-03-29T06:00:00.000Z",
      "2026-03-30T06:00:00.000Z",
    ])
  })

  test("that the spring change skips comes once that day", () => {
    const found = slots("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3)
    expect(found).toEqual(["2026-03-28T01:30:00.000Z", "2026-03-29T01:00:00.000Z", "2026-03-30T00:30:00.000Z"])
  })

  test("that the autumn change repeats comes once that day", () => {
    const found = slots("30 2 * * *", "Europe/Berlin", "2026-10-24T00:00:00Z", 3)
    expect(found[0]).toBe("2026-10-24T00:30:00.000Z")
    expect(["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"]).toContain(found[1])
    expect(found[2]).toBe("2026-10-26T01:30:00.000Z")
  })

  test("holds in zones of half and quarter hours, and where summer time is half an hour", () => {
    expect(slots("0 8 * * *", "Asia/Kolkata", "2026-06-01T00:00:00Z", 1)).toEqual(["2026-06-01T02:30:00.000Z"])
    expect(slots("0 8 * * *", "Asia/Kathmandu", "2026-06-01T00:00:00Z", 1)).toEqual(["2026-06-01T02:15:00.000Z"])
    expect(slots("0 8 * * *", "Australia/Lord_Howe", "2026-04-03T22:00:00Z", 2)).toEqual([
      "2026-04-04T21:30:00.000Z",
      "2026-04-05T21:30:00.000Z",
    ])
  })

  test("never goes back, and the last of several that were missed is the one to make up for", () => {
    const schedules = ["*/2 * * * *", "10 * * * *", "0 3 * * *", "30 2 * * *", "0 9 * * 1"]
    const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]
    fc.assert(
      fc.property(
        fc.constantFrom(...schedules),
        fc.constantFrom(...zones),
        fc.date({ min: at("2026-01-01T00:00:00Z"), max: at("2027-12-31T00:00:00Z"), noInvalidDate: true }),
        fc.integer({ min: 1, max: 10 * 86_400 }),
        (cron, timeZone, from, seconds) => {
          const schedule = { cron, timeZone }
          const first = nextSlot(schedule, from)
          expect(first.getTime()).toBeGreaterThan(from.getTime())
          const now = new Date(first.getTime() + seconds * 1000)
          const last = lastSlot(schedule, first, now)
          expect(last.getTime()).toBeGreaterThanOrEqual(first.getTime())
          expect(last.getTime()).toBeLessThanOrEqual(now.getTime())
          expect(nextSlot(schedule, last).getTime()).toBeGreaterThan(now.getTime())
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe("the jobs", () => {
  test("each have a runner, words for their schedule, and come no more often than the one Cron Trigger", () => {
    expect(cronsOf("jobs")).toEqual(["*/2 * * * *"])
    expect(Object.keys(runners).sort()).toEqual(jobDefinitions.map(({ name }) => name).sort())
    for (const definition of jobDefinitions) {
      expect(scheduleInWords(definition)).toMatch(/^every /)
      let last = nextSlot(definition, at("2026-11-21T00:00:30Z"))
      for (let index = 0; index < 50; index++) {
        expect([definition.name, last.getUTCMinutes() % 2, last.getUTCSeconds()]).toEqual([definition.name, 0, 0])
        last = nextSlot(definition, last)
      }
    }
  })

  test.each([
    ["*/2 * * * *", "every 2 minutes"],
    ["10 * * * *", "every hour at :10"],
    ["0 8 * * *", "every day at 08:00 Europe/Berlin"],
    ["30 9 * * 1", "every Monday at 09:30 Europe/Berlin"],
  ])("%s is told as %s", (cron, words) => {
    expect(scheduleInWords({ cron, timeZone: "Europe/Berlin" })).toBe(words)
  })
})
