import type { Context } from "../context.ts"
import type { AuditFilter } from "./auditFilter.ts"
import { type AuditRow, readAudit, readAuditCursor } from "./readAudit.ts"
import { requirePermission } from "./requirePermission.ts"

const pageSize = 50

/** One page of the audit log. `after` is the `next` of the page before. */
export async function listAudit(
  ctx: Context,
  input: { filter: AuditFilter; after?: string },
): Promise<{ entries: AuditRow[]; next: string | null }> {
  requirePermission(ctx, "audit:read")
  const rows = await readAudit(ctx, {
    filter: input.filter,
    after: readAuditCursor(input.after),
    limit: pageSize + 1,
  })
  const entries = rows.slice(0, pageSize)
  const last = entries.at(-1)
  return { entries, next: rows.length > pageSize && last ? JSON.stringify([last.at, last.id]) : null }
}
