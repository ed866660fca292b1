import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/**
 * Mails that have come due and nobody is at, the most urgent first; and whether a request waits to be finished. Nothing
 * while the sender is paused.
 */
export async function selectDueEmailIds(
  ctx: Context,
  limit: number,
): Promise<{ ids: string[]; openRequests: boolean }> {
  const now = ctx.now().toISOString()
  const sending = sql`not exists (select from sender_state where id = 'resend' and paused_until > ${now})`
  const [due, open] = await ctx.db.batch([
    ctx.db.execute<{ id: string }>(sql`
      select id from email_outbox
      where ${sending} and status = 'due' and due_at <= ${now} and (lease_until is null or lease_until <= ${now})
      order by priority, due_at limit ${limit}`),
    ctx.db.execute(
      sql`select from email_requests where ${sending} and status = 'open' and lease_until <= ${now} limit 1`,
    ),
  ])
  return { ids: due.rows.map((row) => row.id), openRequests: open.rowCount > 0 }
}
