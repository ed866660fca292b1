import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { type ConditionFacts, evaluateCondition } from "../../shared/automation/evaluateCondition.ts"
import { type Condition, conditionSchema, type Operator, operators } from "../../shared/automation/ruleSchema.ts"
import { aCustomer, anInvoice, aSubscription } from "./samples.ts"

const facts: ConditionFacts = {
  customer: aCustomer(),
  subscription: aSubscription(),
  invoice: anInvoice(),
  change: { kind: "invoice.payment_failed", attempt: 3, declineCode: "expired_card", converted: false, comment: null },
}
type Value = Extract<Condition, { field: string }>["value"]
const holds = (field: string, op: Operator, value?: Value, about = facts) =>
  evaluateCondition({ field, op, value }, about)

describe("each operator", () => {
  test.each<[string, Operator, Value, boolean]>([
    ["customer.country", "eq", "DE", true],
    ["customer.country", "eq", "de", false],
    ["customer.country", "eq", "FR", false],
    ["change.attempt", "eq", 3, true],
    ["change.converted", "eq", false, true],
    ["customer.country", "ne", "FR", true],
    ["customer.country", "ne", "DE", false],
    ["customer.timeZone", "ne", "UTC", true],
    ["customer.country", "in", ["FR", "DE"], true],
    ["customer.country", "in", ["FR"], false],
    ["subscription.products", "in", ["prod_x", "prod_pro"], true],
    ["subscription.products", "in", ["prod_x"], false],
    ["change.attempt", "in", [3, 4], true],
    ["customer.country", "not_in", ["FR"], true],
    ["customer.country", "not_in", ["DE"], false],
    ["subscription.products", "not_in", ["prod_backup"], false],
    ["customer.tags", "contains", "vip", true],
    ["customer.tags", "contains", "vi", false],
    ["subscription.plan", "contains", "Pr", true],
    ["customer.tags", "not_contains", "beta", true],
    ["customer.tags", "not_contains", "vip", false],
    ["customer.email", "starts_with", "ada@", true],
    ["customer.email", "starts_with", "bob@", false],
    ["customer.tags", "starts_with", "v", false],
    ["invoice.total", "gt", 1189, true],
    ["invoice.total", "gt", 1190, false],
    ["invoice.total", "gte", 1190, true],
    ["invoice.total", "lt", 1191, true],
    ["invoice.total", "lt", 1190, false],
    ["invoice.total", "lte", 1190, true],
    ["subscription.currentPeriodEnd", "lt", "2027-01-01", true],
    ["customer.name", "exists", undefined, true],
    ["customer.timeZone", "exists", undefined, false],
    ["change.comment", "exists", undefined, false],
    ["customer.timeZone", "not_exists", undefined, true],
    ["customer.name", "not_exists", undefined, false],
    ["customer.metadata.signup-source", "eq", "friend", true],
    ["change.kind", "eq", "invoice.payment_failed", true],
  ])("%s %s %j is %s", (field, op, value, expected) => {
    expect(holds(field, op, value)).toBe(expected)
  })

  test("is in the table above", () => {
    expect(operators).toHaveLength(13)
  })
})

test("numbers compare as numbers, and values of different types never match", () => {
  expect(holds("invoice.total", "gt", 200)).toBe(true)
  expect(holds("change.attempt", "eq", "3")).toBe(false)
  expect(holds("invoice.total", "gt", "200")).toBe(false)
  expect(holds("customer.country", "lt", 5)).toBe(false)
  expect(holds("customer.delinquent", "eq", "false")).toBe(false)
  expect(holds("customer.country", "in", "DE")).toBe(false)
  expect(holds("customer.tags", "gt", "a")).toBe(false)
})

test("what is absent matches nothing but its absence", () => {
  const none = { ...facts, subscription: null }
  for (const op of ["eq", "in", "contains", "starts_with", "gt", "gte", "lt", "lte", "exists"] as const)
    expect(holds("subscription.status", op, op === "in" ? ["active"] : "active", none)).toBe(false)
  for (const op of ["ne", "not_in", "not_contains", "not_exists"] as const)
    expect(holds("subscription.status", op, op === "not_in" ? ["active"] : "active", none)).toBe(true)
})

test("all, any and not combine; nothing at all holds, any of nothing does not", () => {
  const yes: Condition = { field: "customer.country", op: "eq", value: "DE" }
  const no: Condition = { not: yes }
  expect(evaluateCondition({ all: [yes, { any: [no, yes] }] }, facts)).toBe(true)
  expect(evaluateCondition({ all: [yes, no] }, facts)).toBe(false)
  expect(evaluateCondition({ any: [no, no] }, facts)).toBe(false)
  expect(evaluateCondition({ all: [] }, facts)).toBe(true)
  expect(evaluateCondition({ any: [] }, facts)).toBe(false)
})

test.each([
  "customer.constructor.name",
  "customer.__proto__.id",
  "customer.name.length",
  "customer.tags.map",
  "change.toString",
  "nothing.at.all",
  "",
])("%j leads nowhere: only own properties are looked at", (field) => {
  expect(holds(field, "exists")).toBe(false)
})

test("any condition of any shape over any facts has an answer", () => {
  const path = fc.constantFrom(
    "customer.tags",
    "customer.name",
    "subscription.quantity",
    "invoice.total",
    "change.x",
    "change.kind.y",
  )
  const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.array(fc.oneof(fc.string(), fc.integer())))
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.record({ field: path, op: fc.constantFrom(...operators), value }),
      fc.record({ all: fc.array(tie("tree"), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie("tree"), { maxLength: 3 }) }),
      fc.record({ not: tie("tree") }),
    ),
  }))
  const known = fc.record({
    subscription: fc.constantFrom(null, aSubscription()),
    invoice: fc.constantFrom(null, anInvoice()),
    change: fc.record({ x: fc.oneof(fc.string(), fc.integer(), fc.constant(null)), kind: fc.string() }),
  })
  fc.assert(
    fc.property(tree, known, (condition, about) => {
      const answer = evaluateCondition(condition, { ...facts, ...about })
      expect(evaluateCondition({ not: condition }, { ...facts, ...about })).toBe(!answer)
    }),
    { numRuns: 300 },
  )
})

test("a condition is refused where a field lies outside of the facts or an operator is unknown", () => {
  expect(conditionSchema.safeParse({ field: "customer.country", op: "eq", value: "DE" }).success).toBe(true)
  expect(conditionSchema.safeParse({ field: "process.env.SECRET", op: "exists" }).success).toBe(false)
  expect(conditionSchema.safeParse({ field: "customer", op: "exists" }).success).toBe(false)
  expect(conditionSchema.safeParse({ field: "customer.country", op: "matches", value: ".*" }).success).toBe(false)
  expect(conditionSchema.safeParse({ all: [], any: [] }).success).toBe(false)
})
