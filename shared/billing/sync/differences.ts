import type { Discount } from "../../db/schema/billing.ts"

type Row = Record<string, unknown>

/** Names of the columns in which what Stripe shows differs from our row. */
export function differences(shown: Row, ours: Row): string[] {
  return Object.keys(shown).filter((field) =>
    field === "discounts"
      ? !sameDiscounts(shown[field], ours[field])
      : canonical(shown[field]) !== canonical(ours[field]),
  )
}

/** Rows of items, by their ids. */
export function itemsDiffer(shown: Row[], ours: Row[]): boolean {
  const byId = new Map(ours.map((item) => [item.id, item]))
  return (
    shown.length !== ours.length ||
    shown.some((item) => {
      const row = byId.get(item.id)
      return row === undefined || differences(item, row).length > 0
    })
  )
}

/** Where one side knows a discount by its id alone, the id is what is compared. */
function sameDiscounts(shown: unknown, ours: unknown): boolean {
  const [a, b] = [shown as Discount[], ours as Discount[]]
  return (
    a.length === b.length &&
    a.every((discount, index) => {
      const other = b[index]
      if (!other || discount.id !== other.id) return false
      return discount.coupon === null || (other.coupon !== null && canonical(discount) === canonical(other))
    })
  )
}

/** The same text for the same content: jsonb keeps neither the order of keys nor a key without a value. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value ?? null, (_key, each: unknown) =>
      typeof each === "object" && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? "null"
  )
}
