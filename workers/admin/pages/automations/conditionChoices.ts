import { conditionFields, fieldType } from "../../../../shared/automation/conditionFields.ts"
import { operatorsFor } from "../../../../shared/automation/lintCondition.ts"
import { type Operator, operators } from "../../../../shared/automation/ruleSchema.ts"
import { inWords } from "./inWords.ts"

interface Choice {
  value: string
  label: string
}

/** Fields that conditions compare, in words. */
const fields: Choice[] = Object.entries(conditionFields).flatMap(([root, ofRoot]) =>
  Object.entries(ofRoot).map(([name, type]) => ({
    value: `${root}.${name}`,
    label: `${root}: ${inWords(name).toLowerCase()}${type === "map" ? ", by key" : ""}`,
  })),
)

const operatorNames: Record<Operator, string> = {
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

export const fieldLabel = (field: string): string => fields.find(({ value }) => value === field)?.label ?? field

export function operatorLabel(op: string): string {
  const known = operators.find((each) => each === op)
  return known ? operatorNames[known] : op
}

/** With the one that is chosen, whatever it is. */
const withChosen = (choices: Choice[], chosen: Choice): Choice[] =>
  chosen.value === "" || choices.some(({ value }) => value === chosen.value) ? choices : [...choices, chosen]

export const fieldOptions = (chosen: string): Choice[] => withChosen(fields, { value: chosen, label: chosen })

/** What fits the field that `path` leads to, or all where it is not known yet. */
export function operatorOptions(path: string, chosen: string): Choice[] {
  const type = fieldType(path)
  const fitting = type === null || type === "map" ? operators : operatorsFor(type)
  return withChosen(
    fitting.map((value) => ({ value, label: operatorNames[value] })),
    { value: chosen, label: operatorLabel(chosen) },
  )
}
