import { sql } from "drizzle-orm"
import { problemsOf } from "../../automation/problemsOf.ts"
import { savedByAnother } from "../../automation/savedByAnother.ts"
import type { Context } from "../../context.ts"
import { textArray } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { type CannedReply, cannedReply } from "../cannedReplySchema.ts"

/**
 * Keeps a canned reply, new or changed, as its next version. Throws `bad_request` with every problem, and `conflict`
 * where another version than `seenVersion` holds by now; 0 is a new one.
 */
export async function saveCannedReply(
  ctx: Context,
  input: CannedReply & { seenVersion: number },
): Promise<{ version: number }> {
  requirePermission(ctx, "tickets:manage")
  const { seenVersion, ...written } = input
  const checked = cannedReply.safeParse(written)
  if (!checked.success) {
    const problems = problemsOf(checked.error)
    throw new AppError("bad_request", `The reply is not kept: ${problems.join("; ")}.`, { details: { problems } })
  }
  const reply = checked.data
  const saved = await ctx.db.execute<{ version: number }>(sql`
    with saved as (
      insert into canned_replies (id, name, content, category_id, keywords, suggested, version, updated_at)
      select ${reply.id}, ${reply.name}, ${reply.content}, ${reply.categoryId}, ${textArray(reply.keywords)},
        ${reply.suggested}::boolean, 1, ${ctx.now().toISOString()}::timestamptz
      where ${seenVersion}::integer = 0 or exists (select from canned_replies where id = ${reply.id})
      on conflict (id) do update set name = excluded.name, content = excluded.content, category_id = excluded.category_id,
        keywords = excluded.keywords, suggested = excluded.suggested, version = canned_replies.version + 1,
        updated_at = excluded.updated_at
      where canned_replies.version = ${seenVersion}::integer
      returning version),
    audited as (${auditEntry(ctx, {
      action: "cannedReply.saved",
      subject: { type: "cannedReply", id: reply.id },
      before: sql`(select to_jsonb(r) from canned_replies r where id = ${reply.id})`,
      after: reply,
      where: sql`exists (select from saved)`,
    })})
    select version from saved`)
  const [row] = saved.rows
  if (!row) throw savedByAnother("canned reply", reply.id, seenVersion)
  return row
}

/** Takes a canned reply away; again changes nothing. */
export async function deleteCannedReply(ctx: Context, { id }: { id: string }): Promise<void> {
  requirePermission(ctx, "tickets:manage")
  await ctx.db.execute(sql`
    with gone as (delete from canned_replies where id = ${id} returning *)
    ${auditEntry(ctx, {
      action: "cannedReply.deleted",
      subject: { type: "cannedReply", id },
      before: sql`(select to_jsonb(g) from gone g)`,
      where: sql`exists (select from gone)`,
    })}`)
}
