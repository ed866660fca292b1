import { sql } from "drizzle-orm"
import { problemsOf } from "../../automation/problemsOf.ts"
import { savedByAnother } from "../../automation/savedByAnother.ts"
import type { Context } from "../../context.ts"
import { jsonb, textArray } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { type TicketCategory, ticketCategory } from "../categorySchema.ts"
import { ticketRef } from "../ticketRef.ts"

/**
 * Keeps a category, new or changed, as its next version. Throws `bad_request` with every problem, and `conflict` where
 * another version than `seenVersion`, the one that the writer saw, holds by now; 0 is a new one. The panel in Discord follows.
 */
export async function saveCategory(
  ctx: Context<object, "tickets">,
  input: TicketCategory & { seenVersion: number },
): Promise<{ version: number }> {
  requirePermission(ctx, "tickets:manage")
  const { seenVersion, ...written } = input
  const checked = ticketCategory.safeParse(written)
  if (!checked.success) {
    const problems = problemsOf(checked.error)
    throw new AppError("bad_request", `The category is not kept: ${problems.join("; ")}.`, { details: { problems } })
  }
  const category = checked.data
  const saved = await ctx.db.execute<{ version: number }>(sql`
    with saved as (
      insert into ticket_categories (id, name, description, position, enabled, questions, keywords, role_id, parent_id,
        first_response_minutes, resolution_minutes, version, updated_at)
      select ${category.id}, ${category.name}, ${category.description}, ${category.position}::integer, ${category.enabled}::boolean,
        ${jsonb(category.questions)}, ${textArray(category.keywords)}, ${category.roleId}, ${category.parentId},
        ${category.firstResponseMinutes}::integer, ${category.resolutionMinutes}::integer, 1, ${ctx.now().toISOString()}::timestamptz
      where ${seenVersion}::integer = 0 or exists (select from ticket_categories where id = ${category.id})
      on conflict (id) do update set name = excluded.name, description = excluded.description, position = excluded.position,
        enabled = excluded.enabled, questions = excluded.questions, keywords = excluded.keywords, role_id = excluded.role_id,
        parent_id = excluded.parent_id, first_response_minutes = excluded.first_response_minutes,
        resolution_minutes = excluded.resolution_minutes, version = ticket_categories.version + 1, updated_at = excluded.updated_at
      where ticket_categories.version = ${seenVersion}::integer
      returning version),
    audited as (${auditEntry(ctx, {
      action: "ticketCategory.saved",
      subject: { type: "ticketCategory", id: category.id },
      before: sql`(select to_jsonb(k) from ticket_categories k where id = ${category.id})`,
      after: category,
      where: sql`exists (select from saved)`,
    })})
    select version from saved`)
  const [row] = saved.rows
  if (!row) throw savedByAnother("category", category.id, seenVersion)
  try {
    await ctx.queues.tickets.send({ ids: [ticketRef("panel", "now")] })
  } catch (error) {
    ctx.log.warn("panel not queued; the sweep will bring it up to date", { error: String(error) })
  }
  return row
}
