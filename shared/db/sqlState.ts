import { NeonDbError } from "@neondatabase/serverless"
import { DrizzleQueryError } from "drizzle-orm"

/** SQLSTATE of a failed statement, wherever in the chain of causes the driver put it. */
export function sqlState(thrown: unknown): string | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if ("code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)) return error.code
  return undefined
}

/** Whether the database, or the way to it, failed a statement. */
export function isDatabaseTrouble(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if (error instanceof NeonDbError || error instanceof DrizzleQueryError) return true
  return false
}
