import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/** The interaction is over; `error`: it came to nothing, which is kept for staff to see. */
export async function settleInteraction(ctx: Context, input: { id: string; error: string | null }): Promise<void> {
  const error = input.error?.slice(0, 2000).replaceAll("\0", "\uFFFD").toWellFormed() ?? null
  await ctx.db.execute(sql`
    update discord_interactions set payload = null, error = ${error} where id = ${input.id}`)
}
