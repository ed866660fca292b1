import type { Operator } from "../../../../shared/automation/ruleSchema.ts"
import type { CustomerChoices } from "../../../../shared/customers/customerChoices.ts"
import {
  comparisonsOf,
  isList,
  type SegmentComparison,
  type SegmentCondition,
  takesNoValue,
} from "../../../../shared/customers/segmentCondition.ts"
import { type SegmentField, segmentField, segmentOperators } from "../../../../shared/customers/segmentFields.ts"
import { mostCounted } from "../../../../shared/customers/segmentList.ts"

/** "10,000+" where there are more than are counted. */
export const sizeInWords = (size: number): string =>
  size > mostCounted ? `${mostCounted.toLocaleString("en")}+` : size.toLocaleString("en")

/** A comparison as a form has it. */
export interface SegmentRow {
  field: string
  op: string
  values: string[]
}

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

/** Where the field's type asks for other words. */
const namesOf: Partial<Record<SegmentField["type"], Partial<Record<Operator, string>>>> = {
  date: { gte: "on or after", lt: "before" },
  texts: { in: "include one of", not_in: "include none of" },
}

export const operatorName = ({ type }: SegmentField, op: Operator): string => namesOf[type]?.[op] ?? operatorNames[op]

/** What of it an editor offers: one of several may be one of one. */
export const offeredOperators = ({ type }: SegmentField): readonly Operator[] =>
  type === "choice" || type === "choices" || type === "texts"
    ? ["in", "not_in"]
    : type === "flag"
      ? ["eq"]
      : segmentOperators[type].filter((op) => type !== "text" || (op !== "eq" && op !== "ne"))

/** The choices of a field by value, null where it is typed. */
export function choicesOf(
  field: SegmentField,
  { products }: CustomerChoices,
): { value: string; label: string }[] | null {
  if (field.choices === "products") return products.map(({ id, name }) => ({ value: id, label: name }))
  return field.choices?.map((value) => ({ value, label: value.replaceAll("_", " ") })) ?? null
}

export const rowsOf = (condition: SegmentCondition): SegmentRow[] =>
  comparisonsOf(condition).map(({ field: path, op, value }) => {
    const field = segmentField(path)
    const values =
      value === undefined
        ? []
        : [value].flat().map((each) => (each === true ? "yes" : each === false ? "no" : String(each)))
    if (!field || offeredOperators(field).includes(op)) return { field: path, op, values }
    // What rules and scripts may have said in other words.
    if (field.type === "flag") return { field: path, op: "eq", values: values[0] === "yes" ? ["no"] : ["yes"] }
    return { field: path, op: op === "ne" || op === "not_contains" ? "not_in" : "in", values }
  })

/** Rows as comparisons, not yet checked; rows without a field are none. */
export const comparisonsFrom = (rows: SegmentRow[]): unknown[] =>
  rows.flatMap(({ field: path, op, values }) => {
    const field = segmentField(path)
    return field ? [comparison(field, path, op, values)] : []
  })

function comparison(field: SegmentField, path: string, given: string, values: string[]): SegmentComparison | object {
  const op = offeredOperators(field).find((each) => each === given) ?? offeredOperators(field)[0] ?? "eq"
  if (takesNoValue(op)) return { field: path, op }
  const texts = (isList(op) && !field.choices ? values.flatMap((each) => each.split(",")) : values)
    .map((each) => folded(path, each.trim()))
    .filter((each) => each !== "")
  if (isList(op)) return { field: path, op, value: texts }
  const [text = ""] = texts
  if (field.type === "number")
    return { field: path, op, value: /^\d+([.,]\d+)?$/.test(text) ? Number(text.replace(",", ".")) : text }
  if (field.type === "flag") return { field: path, op, value: text === "" ? "" : text === "yes" }
  return { field: path, op, value: text }
}

/** As they are kept. */
const folded = (path: string, text: string): string =>
  path === "customer.country" ? text.toUpperCase() : path.endsWith(".currency") ? text.toLowerCase() : text

/** `Stage is one of active, at risk`, in words. */
export const inWords = (condition: SegmentCondition, choices: CustomerChoices): string[] =>
  comparisonsOf(condition).map(({ field: path, op, value }) => {
    const field = segmentField(path)
    if (!field) return path
    const known = choicesOf(field, choices)
    const told = value === undefined ? [] : [value].flat()
    const words = told.map((each) =>
      typeof each === "boolean"
        ? each
          ? "yes"
          : "no"
        : (known?.find(({ value: one }) => one === each)?.label ?? String(each)),
    )
    return `${field.label} ${operatorName(field, op)} ${words.join(", ")}`.trim()
  })
