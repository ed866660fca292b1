import type { ChangeData } from "../billing/change.ts"
import type { Facts } from "../billing/facts.ts"
import type { Condition, Operator } from "./ruleSchema.ts"

export type ConditionFacts = Facts & { change: ChangeData & { kind?: string } }

/** Whether a condition holds. Total: a field that is not there is absent, values of different types never match. */
export function evaluateCondition(condition: Condition, facts: ConditionFacts): boolean {
  if ("all" in condition) return condition.all.every((each) => evaluateCondition(each, facts))
  if ("any" in condition) return condition.any.some((each) => evaluateCondition(each, facts))
  if ("not" in condition) return !evaluateCondition(condition.not, facts)
  return compare(condition.op, valueAt(facts, condition.field), condition.value)
}

/** Own properties only: a path cannot reach into prototypes. */
function valueAt(facts: ConditionFacts, path: string): unknown {
  let value: unknown = facts
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined
    value = Reflect.get(value, key)
  }
  return value ?? undefined
}

function compare(op: Operator, actual: unknown, expected: unknown): boolean {
  switch (op) {
    case "exists":
      return actual !== undefined
    case "not_exists":
      return actual === undefined
    case "eq":
      return actual !== undefined && actual === expected
    case "ne":
      return actual !== expected
    case "in":
      return includesAny(expected, actual)
    case "not_in":
      return !includesAny(expected, actual)
    case "contains":
      return contains(actual, expected)
    case "not_contains":
      return !contains(actual, expected)
    case "starts_with":
      return typeof actual === "string" && typeof expected === "string" && actual.startsWith(expected)
    case "gt":
      return ordered(actual, expected, (a, b) => a > b)
    case "gte":
      return ordered(actual, expected, (a, b) => a >= b)
    case "lt":
      return ordered(actual, expected, (a, b) => a < b)
    case "lte":
      return ordered(actual, expected, (a, b) => a <= b)
  }
}

/** `actual`, or one of its elements, is among `candidates`. */
function includesAny(candidates: unknown, actual: unknown): boolean {
  if (!Array.isArray(candidates)) return false
  const values: unknown[] = Array.isArray(actual) ? actual : [actual]
  return values.some((value) => candidates.includes(value))
}

function contains(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(actual)) return actual.includes(expected)
  return typeof actual === "string" && typeof expected === "string" && actual.includes(expected)
}

/** Numbers as numbers, text as text (so that ISO times compare). */
function ordered(a: unknown, b: unknown, test: (a: number | string, b: number | string) => boolean): boolean {
  if (typeof a === "number" && typeof b === "number") return test(a, b)
  return typeof a === "string" && typeof b === "string" && test(a, b)
}
