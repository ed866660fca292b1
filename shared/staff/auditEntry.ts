import { SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { jsonb } from "../db/bulk.ts"
import { actorLabel } from "./actorLabel.ts"
import { actorName } from "./actorName.ts"

export interface Audited {
  /** `<resource>.<what was done>`, as `customer.merged`. */
  action: string
  subject: { type: string; id: string }
  /** A value, or SQL for what the database holds at that moment. */
  before?: unknown
  after?: unknown
  outcome?: "done" | "denied"
  /** Kept only where this holds, for a change that may turn out not to happen. */
  where?: SQL
}

/** The line of the audit log, for the same `db.batch` as the change that it tells of. */
export function auditEntry(ctx: Context, entry: Audited): SQL {
  const { actor } = ctx
  return sql`
    insert into audit_log (id, at, actor, actor_label, action, subject_type, subject_id, before, after, outcome, request_id)
    select ${crypto.randomUUID()}::uuid, ${ctx.now().toISOString()}::timestamptz, ${actorName(actor)}, ${actorLabel(actor)}, ${entry.action},
      ${entry.subject.type}, ${entry.subject.id}, ${kept(entry.before)}, ${kept(entry.after)},
      ${entry.outcome ?? "done"}, ${ctx.requestId} where ${entry.where ?? sql`true`}`
}

const kept = (value: unknown): SQL => (value instanceof SQL ? value : jsonb(value ?? null))
