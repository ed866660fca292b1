import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"

/** Tickets with attachments that wait to be copied, longest waiting first. */
export async function selectDueFiles(ctx: Context, limit: number): Promise<string[]> {
  const { rows } = await ctx.db.execute<{ ticket_id: string }>(sql`
    select ticket_id from ticket_attachments where status = 'waiting' and next_attempt_at <= ${ctx.now().toISOString()}::timestamptz
    group by ticket_id order by min(next_attempt_at) limit ${limit}`)
  return rows.map(({ ticket_id: id }) => id)
}
