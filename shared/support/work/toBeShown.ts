import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"

/** So long the queue has to have Discord show it, before the sweep does. */
const showWithin = 60_000

/** For the change of a `tickets t` that its place in Discord is to show. */
export const toBeShown = (ctx: Context): SQL =>
  sql`show_at = case when t.source = 'discord' then ${new Date(ctx.now().getTime() + showWithin).toISOString()}::timestamptz end`
