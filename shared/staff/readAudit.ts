import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { type AuditFilter, auditConditions } from "./auditFilter.ts"

export type AuditRow = Record<string, unknown> & {
  id: string
  /** As PostgreSQL writes it. */
  at: string
  actor: string
  actor_label: string | null
  action: string
  subject_type: string
  subject_id: string
  before: unknown
  after: unknown
  outcome: "done" | "denied"
  request_id: string | null
}

/** Up to `limit` lines of the audit log older than `after`, newest first. */
export async function readAudit(
  ctx: Context,
  input: { filter: AuditFilter; after: { at: string; id: string } | null; limit: number },
): Promise<AuditRow[]> {
  const conditions = auditConditions(input.filter)
  if (input.after) conditions.push(sql`(at, id) < (${input.after.at}::timestamptz, ${input.after.id}::uuid)`)
  const found = await ctx.db.execute<AuditRow>(sql`
    select id, at::text, actor, actor_label, action, subject_type, subject_id, before, after, outcome, request_id
    from audit_log where ${sql.join(conditions, sql` and `)}
    order by audit_log.at desc, id desc limit ${input.limit}`)
  return found.rows
}

const cursor = z.tuple([z.string().check(z.regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[\d.+:-]*$/)), z.uuid()])

/** A cursor that somebody has tampered with begins anew. */
export function readAuditCursor(after: string | undefined): { at: string; id: string } | null {
  if (!after) return null
  try {
    const [at, id] = cursor.parse(JSON.parse(after))
    return Number.isNaN(Date.parse(at)) ? null : { at, id }
  } catch {
    return null
  }
}
