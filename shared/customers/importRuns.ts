import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { ImportOutcome } from "../db/schema/customers.ts"
import { requirePermission } from "../staff/requirePermission.ts"

export interface ImportRun {
  id: string
  fileName: string
  contentHash: string
  columns: string[]
  notRead: string[]
  createdAt: Date
  createdBy: string
  appliedAt: Date | null
  result: Record<ImportOutcome, number> | null
}

export const importRunColumns: SQL = sql`id, file_name, content_hash, columns, not_read, created_at,
  coalesce(created_by_label, created_by) as created_by, applied_at, result`

export const importRun = (row: Record<string, unknown>): ImportRun => ({
  id: String(row.id),
  fileName: String(row.file_name),
  contentHash: String(row.content_hash),
  columns: (row.columns ?? []) as string[],
  notRead: (row.not_read ?? []) as string[],
  createdAt: new Date(String(row.created_at)),
  createdBy: String(row.created_by),
  appliedAt: row.applied_at ? new Date(String(row.applied_at)) : null,
  result: (row.result ?? null) as ImportRun["result"],
})

/** The latest imports, newest first. */
export async function listImports(ctx: Context): Promise<ImportRun[]> {
  requirePermission(ctx, "customers:import")
  const found = await ctx.db.execute(
    sql`select ${importRunColumns} from customer_imports order by created_at desc, id desc limit 20`,
  )
  return found.rows.map(importRun)
}
