import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { isLeft } from "./isLeft.ts"

/** Nothing is to come of it; it stays on the list of what was set aside for 30 days. Throws `conflict` where it is over. */
export async function setInteractionAside(ctx: Context, { id }: { id: string }): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const left = sql`id = ${id} and ${isLeft(ctx.now())}`
  const [, changed] = await ctx.db.batch([
    ctx.db.execute(
      auditEntry(ctx, {
        action: "discordInteraction.setAside",
        subject: { type: "discordInteraction", id },
        where: sql`exists (select from discord_interactions where ${left})`,
      }),
    ),
    ctx.db.execute(sql`
      update discord_interactions set set_aside_at = ${ctx.now().toISOString()}::timestamptz where ${left}`),
  ])
  if (changed.rowCount === 0) throw new AppError("conflict", "It is over already.")
}
