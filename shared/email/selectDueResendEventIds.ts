import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

const graceMilliseconds = 60_000

/** Resend's events whose queue message was lost, oldest first. */
export async function selectDueResendEventIds(ctx: Context, limit: number): Promise<string[]> {
  const due = new Date(ctx.now().getTime() - graceMilliseconds).toISOString()
  const found = await ctx.db.execute<{ svix_id: string }>(sql`
    select svix_id from resend_events where status in ('received', 'retrying') and next_attempt_at <= ${due}
    order by next_attempt_at limit ${limit}`)
  return found.rows.map((row) => row.svix_id)
}
