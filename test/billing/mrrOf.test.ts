import { expect, test } from "vitest"
import { mrrOf } from "../../shared/billing/mrrOf.ts"

const item = (change: object = {}) => ({
  quantity: 1,
  currency: "usd",
  unitAmount: 10_000,
  unitAmountDecimal: "10000",
  interval: "month",
  intervalCount: 1,
  usageType: "licensed",
  discounts: [],
  ...change,
})
const off = (change: object) => ({
  id: "di_1",
  coupon: "c",
  percentOff: null,
  amountOff: null,
  currency: null,
  duration: "forever",
  end: null,
  ...change,
})
const subscription = { status: "active", relevant: true, discounts: [] }
const usd = (items: ReturnType<typeof item>[], change: object = {}) =>
  mrrOf({ ...subscription, ...change }, items).get("usd") ?? 0

test("Stripe's own example: a hundred at 100 $ a month and fifty at 600 $ a year are 12,500 $", () => {
  const yearly = item({ unitAmount: 60_000, unitAmountDecimal: "60000", interval: "year" })
  expect(100 * usd([item()]) + 50 * usd([yearly])).toBe(1_250_000)
})

test.each([
  ["every three months", { interval: "month", intervalCount: 3 }, 3333],
  ["every two years", { interval: "year", intervalCount: 2 }, 417],
  ["weekly", { interval: "week" }, 43_333],
  ["daily", { interval: "day" }, 304_167],
  ["three at once", { quantity: 3 }, 30_000],
  ["a fraction of a cent, many times", { unitAmount: null, unitAmountDecimal: "0.25", quantity: 1000 }, 250],
  ["metered", { usageType: "metered" }, 0],
  ["once", { interval: null, intervalCount: null }, 0],
])("%s", (_what, change, expected) => {
  expect(usd([item(change)])).toBe(expected)
})

test.each([
  ["trialing", 0],
  ["past_due", 10_000],
  ["unpaid", 0],
  ["canceled", 0],
  ["incomplete", 0],
])("a subscription that is %s counts %i", (status, expected) => {
  expect(usd([item()], { status })).toBe(expected)
})

test("only discounts that last forever count", () => {
  expect(usd([item()], { discounts: [off({ percentOff: 25 })] })).toBe(7500)
  expect(usd([item()], { discounts: [off({ percentOff: 25, duration: "repeating" })] })).toBe(10_000)
  expect(usd([item()], { discounts: [off({ amountOff: 1500, currency: "usd" })] })).toBe(8500)
  expect(usd([item({ discounts: [off({ percentOff: 50 })] }), item()])).toBe(15_000)
  expect(usd([item()], { discounts: [off({ amountOff: 99_000, currency: "usd" })] })).toBe(0)
})

test("currencies are never added up, and other businesses' products do not count", () => {
  expect([...mrrOf(subscription, [item(), item({ currency: "eur" })])]).toEqual([
    ["usd", 10_000],
    ["eur", 10_000],
  ])
  expect(usd([item()], { relevant: false })).toBe(0)
})
