import * as z from "zod/mini"
import { type Operator, operators } from "../automation/ruleSchema.ts"
import { type SegmentField, segmentField, segmentOperators } from "./segmentFields.ts"

const text = z.string().check(z.maxLength(500), z.regex(/^[^\p{Cc}]*$/u))

const comparison = z.strictObject({
  field: z.string(),
  op: z.enum(operators),
  /** An amount in major units, a day as 2026-11-30. */
  value: z.optional(z.union([text, z.number(), z.boolean(), z.array(text).check(z.maxLength(300))])),
})
export type SegmentComparison = z.infer<typeof comparison>

const comparisons = z.array(comparison).check(z.minLength(1), z.maxLength(20))

/** As conditions of rules are, one level deep. */
export const segmentCondition = z.union([z.strictObject({ all: comparisons }), z.strictObject({ any: comparisons })])
export type SegmentCondition = z.infer<typeof segmentCondition>

export const comparisonsOf = (condition: SegmentCondition): SegmentComparison[] =>
  "all" in condition ? condition.all : condition.any

export const isList = (op: Operator): boolean => op === "in" || op === "not_in"
export const takesNoValue = (op: Operator): boolean => op === "exists" || op === "not_exists"

/** Why a comparison could not mean anything; null where it does. */
export function lintComparison({ field: path, op, value }: SegmentComparison): string | null {
  const field = segmentField(path)
  if (!field) return `"${path.slice(0, 100)}" is nothing that customers are told apart by.`
  if (!segmentOperators[field.type].includes(op)) return `${field.label} cannot be compared like that.`
  if (takesNoValue(op)) return value === undefined ? null : `${field.label}: nothing to compare with is needed.`
  if (Array.isArray(value) !== isList(op)) return `${field.label}: say what to compare with.`
  const values = [value].flat()
  return values.length > 0 && values.every((each) => each !== "" && fits(field, each))
    ? null
    : `${field.label}: ${wanted[field.type]}`
}

const wanted: Record<SegmentField["type"], string> = {
  text: "say what to compare with.",
  choice: "choose one or more.",
  texts: "say which, several by comma.",
  choices: "choose one or more.",
  number: "give an amount, as 19.90.",
  flag: "choose yes or no.",
  date: "give a day, as 2026-11-30.",
}

function fits({ type, choices }: SegmentField, value: unknown): boolean {
  switch (type) {
    case "number":
      return typeof value === "number" && Math.abs(value) < 1e9
    case "flag":
      return typeof value === "boolean"
    case "date":
      return z.iso.date().safeParse(value).success && /^(19|20|21|22)/.test(String(value))
    case "choice":
    case "choices":
      return typeof value === "string" && (!Array.isArray(choices) || choices.includes(value))
    case "text":
    case "texts":
      return typeof value === "string"
  }
}
