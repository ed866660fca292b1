import { describe, expect, test } from "vitest"
import { nextOpening } from "../../shared/support/hours/nextOpening.ts"
import { defaultCategories } from "../../shared/support/settings/defaultCategories.ts"
import { suggestCategory } from "../../shared/support/suggest/suggestCategory.ts"

describe("a category is suggested", () => {
  test.each([
    ["My server is offline since yesterday, error 500", "technical", "high"],
    ["I was charged twice, please refund the payment", "billing", "high"],
    ["INVOICE for March?", "billing", "normal"],
    ["How do I set up my domain", "setup", "normal"],
    ["Hello there", null, "normal"],
    ["", null, "normal"],
    ["Urgent!!! billing", "billing", "urgent"],
    ["Just a suggestion, no hurry", null, "low"],
  ])("%s", (text, categoryId, priority) => {
    expect(suggestCategory(text, defaultCategories)).toEqual({ categoryId, priority })
  })

  test("by whole words: neither a part of one nor an accent tells another", () => {
    const categories = [
      { id: "a", keywords: ["car"] },
      { id: "b", keywords: ["café"] },
    ]
    expect(suggestCategory("my card", categories).categoryId).toBeNull()
    expect(suggestCategory("at the CAFE", categories).categoryId).toBe("b")
    expect(suggestCategory("a car in a café", categories).categoryId).toBeNull()
  })

  test("of a huge text in no time", () => {
    const started = performance.now()
    suggestCategory("a ".repeat(2_000_000), defaultCategories)
    expect(performance.now() - started).toBeLessThan(200)
  })
})

describe("the next opening", () => {
  const weekdays = Array.from({ length: 5 }, () => ({ from: "09:00", until: "18:00" }))
  const hours = { timeZone: "Europe/Berlin", days: [...weekdays, null, null] }
  test.each([
    ["on a working day before it opens", "2026-11-20T06:00:00Z", "2026-11-20T08:00:00.000Z"],
    ["while somebody is there", "2026-11-20T08:00:00Z", "2026-11-20T08:00:00.000Z"],
    ["on the minute of closing before a weekend", "2026-11-20T17:00:00Z", "2026-11-23T08:00:00.000Z"],
    ["on a Sunday over which the clocks change", "2026-03-29T12:00:00Z", "2026-03-30T07:00:00.000Z"],
  ])("%s", (_, at, opening) => {
    expect(nextOpening(new Date(at), hours)?.toISOString()).toBe(opening)
  })

  test("where nobody ever is there, never", () => {
    expect(nextOpening(new Date("2026-11-20T12:00:00Z"), { ...hours, days: Array(7).fill(null) })).toBeNull()
  })

  test("where one day of the week has hours, a week after they ended", () => {
    const days = hours.days.map((day, index) => (index === 4 ? day : null))
    expect(nextOpening(new Date("2026-11-20T17:30:00Z"), { ...hours, days })?.toISOString()).toBe(
      "2026-11-27T08:00:00.000Z",
    )
  })

  test("after midnight of a night that is worked", () => {
    const days = Array.from({ length: 7 }, () => ({ from: "20:00", until: "02:00" }))
    const at = new Date("2026-11-20T00:30:00Z")
    expect(nextOpening(at, { ...hours, days })).toEqual(at)
    expect(nextOpening(new Date("2026-11-20T01:30:00Z"), { ...hours, days })?.toISOString()).toBe(
      "2026-11-20T19:00:00.000Z",
    )
  })
})
