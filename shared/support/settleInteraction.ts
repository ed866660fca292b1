import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/**
 * The interaction is over; `error`: it came to nothing. `next` says whose turn it is, of what failed on our side: it is done
 * again by itself, or staff are to look at it, with what was typed.
 */
export async function settleInteraction(
  ctx: Context,
  { id, error, next }: { id: string; error: string | null; next?: "again" | "staff" | undefined },
): Promise<void> {
  const told = error?.slice(0, 2000).replaceAll("\0", "\uFFFD").toWellFormed() ?? null
  const failedAt = next === "staff" ? ctx.now().toISOString() : null
  await ctx.db.execute(sql`
    update discord_interactions set payload = case when ${next !== undefined}::boolean then payload end, error = ${told},
      failed_at = ${failedAt}::timestamptz where id = ${id}`)
}
