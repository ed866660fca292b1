import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/** The queue gets this long to deliver an event before the sweep looks after it. */
const graceMilliseconds = 60_000

/** Stripe events whose queue message was lost or whose retry is due, oldest first. */
export async function selectDueEventIds(ctx: Context, limit: number): Promise<string[]> {
  const due = new Date(ctx.now().getTime() - graceMilliseconds).toISOString()
  const found = await ctx.db.execute<{ id: string }>(sql`
    select id from stripe_events
    where status in ('received', 'retrying') and next_attempt_at <= ${due}
    order by next_attempt_at limit ${limit}`)
  return found.rows.map((row) => row.id)
}
