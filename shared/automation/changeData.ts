import type { Change, ChangeData } from "../billing/change.ts"

/** What conditions and templates may know of a change, kept with the enrolment so that they know it later too. */
export const dataOf = (change: Change): ChangeData & { kind: string } => ({ ...change.data, kind: change.kind })

/** Data as stored, which may be anything, down to what conditions can compare. */
export const scalarsOf = (data: Record<string, unknown>): ChangeData =>
  Object.fromEntries(
    Object.entries(data).filter(
      (entry): entry is [string, string | number | boolean] =>
        typeof entry[1] === "string" || typeof entry[1] === "number" || typeof entry[1] === "boolean",
    ),
  )
