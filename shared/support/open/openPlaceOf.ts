import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"

/** Channel or thread of a ticket that is open; null while it is being made. */
export async function openPlaceOf(ctx: Context, { id }: { id: string }): Promise<string | null> {
  const found = await ctx.db.execute<{ channel_id: string | null }>(
    sql`select channel_id from tickets where id = ${id} and status = 'open'`,
  )
  return found.rows[0]?.channel_id ?? null
}
