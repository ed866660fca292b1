import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"

/** Pauses or resumes a rule or a sequence. Who is in a paused sequence gets nothing of it until it is resumed. */
export async function setEnabled(
  ctx: Context,
  input: { kind: "rule" | "sequence"; id: string; enabled: boolean },
): Promise<void> {
  requirePermission(ctx, "automations:write")
  const { kind, id, enabled } = input
  const table = kind === "rule" ? sql`rules` : sql`sequences`
  const [, changed] = await ctx.db.batch([
    ctx.db.execute(
      auditEntry(ctx, {
        action: enabled ? `${kind}.resumed` : `${kind}.paused`,
        subject: { type: kind, id },
        before: sql`(select to_jsonb(r) from ${table} r where id = ${id})`,
        where: sql`exists (select from ${table} where id = ${id} and enabled <> ${enabled}::boolean)`,
      }),
    ),
    ctx.db.execute<{ id: string }>(sql`
      update ${table} set enabled = ${enabled}::boolean, version = version + case when enabled <> ${enabled}::boolean then 1 else 0 end,
        updated_at = ${ctx.now().toISOString()} where id = ${id} returning id`),
  ])
  if (changed.rows.length === 0) throw new AppError("not_found", `There is no ${kind} "${id}".`)
}
