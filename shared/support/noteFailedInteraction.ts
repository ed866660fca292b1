import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/** Keeps why an interaction came to nothing, for staff to see. */
export async function noteFailedInteraction(ctx: Context, input: { id: string; error: string }): Promise<void> {
  const error = input.error.slice(0, 2000).replaceAll("\0", "\uFFFD").toWellFormed()
  await ctx.db.execute(sql`update discord_interactions set error = ${error} where id = ${input.id}`)
}
