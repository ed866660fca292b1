import { conditionFields } from "../../../../shared/automation/conditionFields.ts"
import { operators } from "../../../../shared/automation/ruleSchema.ts"
import { inWords } from "./inWords.ts"

/** Fields that conditions compare, in words. */
export const fieldOptions = Object.entries(conditionFields).flatMap(([root, fields]) =>
  Object.entries(fields)
    .filter(([, type]) => type !== "map")
    .map(([name]) => ({ value: `${root}.${name}`, label: `${root}: ${inWords(name).toLowerCase()}` })),
)
const operatorNames: Record<string, string> = {
  eq: "is",
  ne: "is not",
  in: "is one of",
  not_in: "is none of",
  gt: "is more than",
  gte: "is at least",
  lt: "is less than",
  lte: "is at most",
  contains: "contains",
  not_contains: "does not contain",
  starts_with: "begins with",
  exists: "is known",
  not_exists: "is not known",
}

export const operatorOptions = operators.map((value) => ({ value, label: operatorNames[value] ?? value }))
