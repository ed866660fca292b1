import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { cannedReplies } from "../../db/schema/support.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { parseSupport, type SupportSetup, selectSupport } from "../supportSetup.ts"

export type CannedReplyRow = typeof cannedReplies.$inferSelect

/** What staff have written and set for tickets, in one round trip. */
export async function supportTexts(ctx: Context): Promise<SupportSetup & { replies: CannedReplyRow[] }> {
  requirePermission(ctx, "tickets:read")
  const [settingRows, categories, replies] = await ctx.db.batch([
    ...selectSupport(ctx.db),
    ctx.db.select().from(cannedReplies).orderBy(sql`${cannedReplies.name}, ${cannedReplies.id}`).limit(1000),
  ])
  return { ...parseSupport(settingRows, categories), replies }
}
