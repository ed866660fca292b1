import { conditionFields, fieldType } from "../../../../shared/automation/conditionFields.ts"
import { operatorsFor } from "../../../../shared/automation/lintCondition.ts"
import { type Condition, operators } from "../../../../shared/automation/ruleSchema.ts"
import { AppError } from "../../../../shared/errors.ts"
import { fieldLabel, operatorLabel } from "./conditionChoices.ts"
import { splitList } from "./textLists.ts"

const longest = 10_000

/** A row of a form as a comparison; `name` is what the row is called there. Throws `bad_request` in words. */
export function comparisonOf(row: { field: string; key: string; op: string; value: string }, name: string): Condition {
  const refused = (what: string) => new AppError("bad_request", `${name}: ${what}`)
  const value = row.value.trim()
  if (row.field === "") throw refused(`choose the field that is compared with "${value || row.key}".`)
  if (value.length > longest)
    throw refused(`what is compared with has up to ${longest.toLocaleString("en")} characters.`)
  const field = pathOf(row)
  const label = fieldLabel(row.field)
  const type = fieldType(field)
  if (isKeyed(row.field) && !/^[A-Za-z0-9_-]+$/.test(row.key.trim()))
    throw refused(`give the key that is looked up in ${row.field.replace(".", ": ")}, in letters, digits, "_" and "-".`)
  if (type === null || type === "map") throw refused(`"${field.slice(0, 100)}" is not a field that conditions know.`)
  const fitting = operatorsFor(type)
  const op = operators.find((each) => each === row.op)
  if (!op || !fitting.includes(op))
    throw refused(
      `${label} cannot be compared by "${operatorLabel(row.op)}". Choose ${fitting.map((each) => `"${operatorLabel(each)}"`).join(", ")}.`,
    )
  if (op === "exists" || op === "not_exists") return { field, op }

  const one = (text: string): string | number | boolean => {
    if (type === "number") {
      if (!/^-?\d{1,15}(\.\d{1,6})?$/.test(text))
        throw refused(`${label} is a number, and "${text}" is none. Amounts are in minor units: 19.90 is 1990.`)
      return Number(text)
    }
    if (type !== "flag") return text
    if (!["yes", "no", "true", "false"].includes(text.toLowerCase()))
      throw refused(`${label} is yes or no, not "${text}".`)
    return ["yes", "true"].includes(text.toLowerCase())
  }
  if (value === "") throw refused(`say what ${label} is compared with.`)
  if (op !== "in" && op !== "not_in") return { field, op, value: one(value) }
  const listed = splitList(value).map((each) => (type === "number" ? Number(one(each)) : each))
  if (listed.length === 0) throw refused(`say what ${label} is compared with.`)
  return { field, op, value: listed }
}

/** Whether a field has a text under each key. */
export function isKeyed(field: string): boolean {
  const [root = "", name = "", ...rest] = field.split(".")
  return rest.length === 0 && Object.hasOwn(conditionFields, root) && conditionFields[root]?.[name] === "map"
}

export const pathOf = ({ field, key }: { field: string; key: string }): string =>
  isKeyed(field) ? `${field}.${key.trim()}` : field
