import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/** Stops marketing mail to an address. What stops more (a bounce, a complaint) stays as it is. */
export async function unsubscribe(ctx: Context, email: string): Promise<void> {
  await ctx.db.execute(sql`
    insert into suppressions (email, reason, "all", since) values (${email.toLowerCase()}, 'unsubscribe', false, ${ctx.now().toISOString()})
    on conflict (email) do nothing`)
}

/** Takes an unsubscription back, and nothing else. */
export async function resubscribe(ctx: Context, email: string): Promise<void> {
  await ctx.db.execute(sql`delete from suppressions where email = ${email.toLowerCase()} and reason = 'unsubscribe'`)
}

export async function isUnsubscribed(ctx: Context, email: string): Promise<boolean> {
  const found = await ctx.db.execute(sql`select from suppressions where email = ${email.toLowerCase()}`)
  return found.rowCount > 0
}
