import type { ExitCondition } from "../../../../shared/automation/sequenceSchema.ts"
import { type ConditionRow, conditionOf, conditionRows } from "./ruleForm.ts"

/** An exit condition as texts of a form. */
export interface ExitRow extends ConditionRow {
  reason: string
}

/** Exits as rows where each is one comparison, else null. */
export function exitRows(exits: ExitCondition[]): ExitRow[] | null {
  const rows = exits.flatMap(({ when, reason }) => {
    const { match, rows: parts } = conditionRows(when)
    const [row, ...others] = parts
    return "field" in when && match !== "json" && row && others.length === 0 ? [{ ...row, reason }] : []
  })
  return rows.length < exits.length ? null : rows
}

/** Rows as exits. A text instead says what is missing. */
export function exitsOf(rows: ExitRow[]): unknown[] | string {
  const exits: unknown[] = []
  for (const { reason, ...row } of rows) {
    if (row.field === "") return `Choose the field that ends the sequence${reason ? ` because "${reason}"` : ""}.`
    if (reason === "") return "Say why it ends: the reason is told wherever somebody left the sequence."
    const condition = conditionOf("all", [row], "")
    if (typeof condition !== "string" && "all" in condition) exits.push({ when: condition.all[0], reason })
  }
  return exits
}
