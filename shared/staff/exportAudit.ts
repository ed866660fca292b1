import type { Context } from "../context.ts"
import { csvLine } from "../csv.ts"
import { auditEntry } from "./auditEntry.ts"
import type { AuditFilter } from "./auditFilter.ts"
import { type AuditRow, readAudit } from "./readAudit.ts"
import { requirePermission } from "./requirePermission.ts"

const chunk = 1000

const columns = ["at", "actor", "name", "action", "subject", "subject_id", "before", "after", "outcome", "request_id"]

/** Every line that matches, newest first, as a CSV file sent while it is being read. The export is a line itself. */
export async function exportAudit(ctx: Context, filter: AuditFilter): Promise<ReadableStream<Uint8Array>> {
  requirePermission(ctx, "audit:read")
  await ctx.db.execute(
    auditEntry(ctx, { action: "audit.exported", subject: { type: "audit", id: "several" }, after: { filter } }),
  )
  const encoder = new TextEncoder()
  let last: AuditRow | null = null
  return new ReadableStream({
    start(controller) {
      // A byte order mark: spreadsheets take the file for UTF-8 only with one.
      controller.enqueue(encoder.encode(`\uFEFF${csvLine(columns)}`))
    },
    async pull(controller) {
      const rows: AuditRow[] = await readAudit(ctx, { filter, after: last, limit: chunk })
      last = rows.at(-1) ?? null
      if (rows.length > 0) controller.enqueue(encoder.encode(rows.map(lineOf).join("")))
      if (rows.length < chunk) controller.close()
    },
  })
}

const lineOf = (row: AuditRow) =>
  csvLine([
    new Date(row.at).toISOString(),
    row.actor,
    row.actor_label,
    row.action,
    row.subject_type,
    row.subject_id,
    row.before === null ? null : JSON.stringify(row.before),
    row.after === null ? null : JSON.stringify(row.after),
    row.outcome,
    row.request_id,
  ])
