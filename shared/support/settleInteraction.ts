import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/**
 * The interaction is over; `error`: it came to nothing, which is kept for staff to see. `keep`: it is to be done again.
 */
export async function settleInteraction(
  ctx: Context,
  input: { id: string; error: string | null; keep?: boolean },
): Promise<void> {
  const error = input.error?.slice(0, 2000).replaceAll("\0", "\uFFFD").toWellFormed() ?? null
  await ctx.db.execute(sql`
    update discord_interactions set payload = case when ${input.keep ?? false}::boolean then payload end, error = ${error} where id = ${input.id}`)
}
