import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { cannedReplies } from "../../db/schema/support.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

/** Every canned reply by id and name, for whoever chooses one. */
export async function cannedReplyNames(ctx: Context): Promise<{ id: string; name: string }[]> {
  requirePermission(ctx, "tickets:read")
  return ctx.db
    .select({ id: cannedReplies.id, name: cannedReplies.name })
    .from(cannedReplies)
    .orderBy(sql`lower(name), id`)
}
