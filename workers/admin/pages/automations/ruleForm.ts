import { fieldType } from "../../../../shared/automation/conditionFields.ts"
import type { Action, Condition, Operator } from "../../../../shared/automation/ruleSchema.ts"
import { operators, subjects } from "../../../../shared/automation/ruleSchema.ts"

/** A comparison as three texts of a form. */
export interface ConditionRow {
  field: string
  op: string
  value: string
}

/** An action as texts of a form; `target` is a sequence, a tag or a message. */
export interface ActionRow {
  do: string
  target: string
  subject: string
}

export type Match = "all" | "any" | "json"

/** A condition as rows where it is a plain list of comparisons, else as JSON. */
export function conditionRows(condition: Condition): { match: Match; rows: ConditionRow[]; json: string } {
  const json = JSON.stringify(condition, null, 2)
  const match = "all" in condition ? "all" : "any" in condition ? "any" : "json"
  const parts = "all" in condition ? condition.all : "any" in condition ? condition.any : [condition]
  const rows = parts.flatMap((part) =>
    "field" in part ? [{ field: part.field, op: part.op, value: [part.value ?? ""].flat().join(", ") }] : [],
  )
  if (rows.length < parts.length) return { match: "json", rows: [], json }
  return { match: match === "json" ? "all" : match, rows, json }
}

/** Rows as a condition. What is wrong with a value is told when it is kept. */
export function conditionOf(match: Match, rows: ConditionRow[], json: string): Condition | string {
  if (match === "json") {
    try {
      return JSON.parse(json)
    } catch {
      return "The condition is no JSON."
    }
  }
  const comparisons = rows
    .filter(({ field }) => field !== "")
    .map(({ field, op, value }) => {
      const known = operators.find((each) => each === op) ?? "eq"
      return { field, op: known, value: comparand(field, known, value.trim()) }
    })
  return match === "any" ? { any: comparisons } : { all: comparisons }
}

function comparand(field: string, op: Operator, text: string) {
  if (op === "exists" || op === "not_exists") return undefined
  const type = fieldType(field)
  const one = (each: string) =>
    type === "number" ? Number(each) : type === "flag" ? each.toLowerCase() === "true" || each === "yes" : each
  if (op === "in" || op === "not_in")
    return text
      .split(",")
      .map((each) => each.trim())
      .filter((each) => each !== "")
      .map((each) => (type === "number" ? Number(each) : each))
  return one(text)
}

/** Actions as rows where rows can say all of them, else null. */
export function actionRows(actions: Action[]): ActionRow[] | null {
  const rows = actions.map(rowOf)
  const known = rows.filter((row) => row !== null)
  return known.length < rows.length ? null : known
}

function rowOf(action: Action): ActionRow | null {
  switch (action.do) {
    case "enrol":
      return action.unlessIn ? null : { do: "enrol", target: action.sequence, subject: action.subject }
    case "leave":
      return { do: action.all ? "leave_all" : "leave", target: action.sequence, subject: action.reason }
    case "add_tag":
    case "remove_tag":
      return { do: action.do, target: action.tag, subject: "" }
    case "notify_staff":
      return { do: action.do, target: action.message, subject: "" }
  }
}

export function actionsOf(rows: ActionRow[]): Action[] {
  return rows.flatMap((row): Action[] => {
    const target = row.target.trim()
    switch (row.do) {
      case "enrol":
        return [{ do: "enrol", sequence: target, subject: subjects.find((each) => each === row.subject) ?? "customer" }]
      case "leave":
        return [{ do: "leave", sequence: target, reason: row.subject.trim() || "a rule says so" }]
      case "leave_all":
        return [{ do: "leave", sequence: target, reason: row.subject.trim() || "a rule says so", all: true }]
      case "add_tag":
      case "remove_tag":
        return [{ do: row.do, tag: target }]
      case "notify_staff":
        return [{ do: "notify_staff", message: target }]
      default:
        return []
    }
  })
}
