import { expect, test } from "vitest"
import { lastOf } from "../../shared/billing/apply/succession.ts"

const look = (object: Record<string, unknown>, previous: Record<string, unknown> = {}) => ({ object, previous })

test("the last look is the one that the others lead up to, in whatever order they come", () => {
  const first = look({ currency: "eur", card: null, name: "A" }, { currency: null })
  const second = look({ currency: "eur", card: "pm_1", name: "A" }, { card: null })
  const third = look({ currency: "eur", card: "pm_1", name: "B" }, { name: "A" })
  for (const order of [
    [first, second, third],
    [third, second, first],
    [second, first, third],
  ])
    expect(lastOf(order)).toBe(third)
})

test("a field that changed several times is followed from value to value", () => {
  const steps = [look({ n: 1 }, { n: 0 }), look({ n: 2 }, { n: 1 }), look({ n: 3 }, { n: 2 })] as const
  expect(lastOf([steps[2], steps[0], steps[1]])).toBe(steps[2])
})

test("nested fields are compared as far as Stripe tells what they were", () => {
  const before = look(
    { email: "a@example.com", address: { city: "Rom", line1: "Via 1" }, items: [{ quantity: 1 }] },
    { email: null },
  )
  const after = look(
    { email: "a@example.com", address: { city: "Bari", line1: "Via 1" }, items: [{ quantity: 2 }] },
    { address: { city: "Rom" }, items: [{ quantity: 1 }] },
  )
  expect(lastOf([after, before])).toBe(after)
})

test("what was changed and changed back is followed when a third look tells where it began", () => {
  const plan = look({ plan: "pro", leaves: false }, { plan: "starter" })
  const on = look({ plan: "pro", leaves: true }, { leaves: false })
  const off = look({ plan: "pro", leaves: false }, { leaves: true })
  for (const order of [
    [plan, on, off],
    [off, plan, on],
    [on, off, plan],
  ])
    expect(lastOf(order)).toBe(off)
})

test("looks nested deeper than can be compared are not ordered", () => {
  const deep = JSON.parse(`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`)
  expect(lastOf([look({ n: 1, deep }, { deep }), look({ n: 2, deep }, { n: 1, deep })])).toBeNull()
})

test.each([
  ["to and fro", [look({ on: true }, { on: false }), look({ on: false }, { on: true })]],
  ["round in a circle", [look({ n: 1 }, { n: 0 }), look({ n: 2 }, { n: 1 }), look({ n: 0 }, { n: 2 })]],
  ["without a word of what was before", [look({ n: 1 }), look({ n: 2 })]],
  ["with a step missing", [look({ n: 1 }, { n: 0 }), look({ n: 3 }, { n: 2 })]],
])("what changed %s does not tell which was last", (_how, looks) => {
  expect(lastOf(looks)).toBeNull()
})
