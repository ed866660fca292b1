import { type FieldType, fieldType } from "./conditionFields.ts"
import type { Condition, Operator } from "./ruleSchema.ts"

const deepest = 10

const operatorsOf: Record<Exclude<FieldType, "map">, Operator[]> = {
  text: ["eq", "ne", "in", "not_in", "contains", "not_contains", "starts_with", "gt", "gte", "lt", "lte"],
  number: ["eq", "ne", "in", "not_in", "gt", "gte", "lt", "lte"],
  flag: ["eq", "ne"],
  texts: ["contains", "not_contains", "in", "not_in"],
}

/** What a field of a type can be compared by. */
export const operatorsFor = (type: Exclude<FieldType, "map">): Operator[] => [
  ...operatorsOf[type],
  "exists",
  "not_exists",
]

const valueTypeOf = { text: "string", number: "number", flag: "boolean", texts: "string" } as const

/** Why a condition could never mean what it says: unknown fields, operators and values that do not fit the field. */
export function lintCondition(condition: Condition, depth = 1): string[] {
  if (depth > deepest) return [`conditions are nested deeper than ${deepest}`]
  if ("not" in condition) return lintCondition(condition.not, depth + 1)
  if ("all" in condition) return condition.all.flatMap((each) => lintCondition(each, depth + 1))
  if ("any" in condition) return condition.any.flatMap((each) => lintCondition(each, depth + 1))
  return lintComparison(condition)
}

function lintComparison({ field, op, value }: Extract<Condition, { field: string }>): string[] {
  const type = fieldType(field)
  if (type === null || type === "map") return [`"${field}" is not a field that conditions know`]
  if (op === "exists" || op === "not_exists")
    return value === undefined ? [] : [`"${field}" ${op} takes no value, not ${JSON.stringify(value)}`]
  if (!operatorsOf[type].includes(op))
    return [`"${field}" is a ${type} field and cannot be compared by ${op}; use one of ${operatorsOf[type].join(", ")}`]
  const wantsList = op === "in" || op === "not_in"
  const wanted = valueTypeOf[type]
  const values: unknown[] = Array.isArray(value) ? value : [value]
  if (Array.isArray(value) !== wantsList || values.some((each) => typeof each !== wanted))
    return [
      `"${field}" ${op} takes ${wantsList ? `a list of ${wanted}s` : `a ${wanted}`}, not ${JSON.stringify(value)}`,
    ]
  return []
}
