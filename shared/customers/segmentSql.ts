import { type SQL, sql } from "drizzle-orm"
import { textArray } from "../db/bulk.ts"
import { AppError } from "../errors.ts"
import { minorUnitDecimals } from "../money.ts"
import { comparisonsOf, type SegmentComparison, type SegmentCondition } from "./segmentCondition.ts"
import { type SegmentField, segmentField } from "./segmentFields.ts"

/**
 * A segment as a condition on `customers c`. It means what evaluateCondition makes of the same comparison: what is not
 * there equals nothing, and a negative operator holds for it.
 */
export function segmentSql(condition: SegmentCondition): SQL {
  const parts = comparisonsOf(condition).map((each) => sql`(${comparisonSql(each)})`)
  return sql`(${sql.join(parts, "all" in condition ? sql` and ` : sql` or `)})`
}

function comparisonSql(comparison: SegmentComparison): SQL {
  const field = segmentField(comparison.field)
  if (!field) throw new AppError("misconfigured", `A segment asks for "${comparison.field}", which is no field.`)
  const { negative, holds } = positive(field, comparison)
  const found = field.among ? field.among(holds) : holds
  return negative ? sql`(${found}) is not true` : found
}

/** A comparison without its negation. */
function positive(
  field: SegmentField,
  { field: path, op, value }: SegmentComparison,
): { negative: boolean; holds: SQL } {
  const is = operand(field, path, value)
  const { value: held } = field
  const list = field.type === "texts" || field.type === "choices"
  switch (op) {
    case "exists":
    case "not_exists":
      return { negative: op === "not_exists", holds: sql`${held} is not null` }
    case "eq":
    case "ne":
      return { negative: op === "ne", holds: sql`${held} = ${is}` }
    case "in":
    case "not_in":
      return { negative: op === "not_in", holds: list ? sql`${held} && ${is}` : sql`${held} = any(${is})` }
    case "contains":
    case "not_contains":
      return {
        negative: op === "not_contains",
        holds: list ? sql`${held} @> array[${is}]::text[]` : sql`strpos(${held}, ${is}) > 0`,
      }
    case "starts_with":
      return { negative: false, holds: sql`starts_with(${held}, ${is})` }
    case "gt":
      return { negative: false, holds: sql`${held} > ${is}` }
    case "gte":
      return { negative: false, holds: sql`${held} >= ${is}` }
    case "lt":
      return { negative: false, holds: sql`${held} < ${is}` }
    case "lte":
      return { negative: false, holds: sql`${held} <= ${is}` }
  }
}

function operand(field: SegmentField, path: string, value: SegmentComparison["value"]): SQL {
  if (Array.isArray(value)) return textArray(value)
  if (field.type === "date") return sql`${String(value)}::date::timestamp at time zone 'UTC'`
  if (field.type === "number") {
    const currency = path.slice("mrr.".length)
    return sql`${Math.round(Number(value) * 10 ** minorUnitDecimals(currency))}::bigint`
  }
  return field.type === "flag" ? sql`${value === true}::boolean` : sql`${String(value ?? "")}::text`
}
