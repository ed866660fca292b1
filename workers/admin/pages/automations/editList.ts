import type { Edit } from "./editButton.tsx"

/** What the buttons beside the rows of a list do: add one at the end, take one out, or move one up. */
export function editList<Row>(rows: Row[], { verb, at }: Edit, blank: Row): { rows: Row[]; at: number } {
  const row = rows[at]
  if (verb === "add") return { rows: [...rows, blank], at: rows.length }
  if (row === undefined) return { rows, at: 0 }
  if (verb === "remove") return { rows: rows.toSpliced(at, 1), at: Math.max(0, at - 1) }
  if (verb === "up" && at > 0) return { rows: rows.toSpliced(at, 1).toSpliced(at - 1, 0, row), at: at - 1 }
  return { rows, at }
}
