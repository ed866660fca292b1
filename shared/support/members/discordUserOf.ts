import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"

/** Who of Discord an actor of the staff is: themselves, or whom their account names. Null whose account is switched off. */
export async function discordUserOf(ctx: Context, actor: string | null): Promise<string | null> {
  if (actor === null) return null
  const found = await ctx.db.execute<{ id: string | null }>(sql`
    select case when disabled_at is null then discord_user_id end as id from staff
    where ${actor}::text in ('staff:' || id, 'discord:' || discord_user_id)`)
  const [account] = found.rows
  return account ? account.id : (/^discord:(\d+)$/.exec(actor)?.[1] ?? null)
}
