import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { uuidArray } from "../db/bulk.ts"

const freshHours = 48

/**
 * Makes failed and stale mails due again, for staff; they are decided about and rendered anew. Only what certainly was
 * not sent: `unknown` stays as it is. Returns the ids that are due now, to be queued.
 */
export async function retryEmails(ctx: Context, input: { ids: string[] }): Promise<string[]> {
  const now = ctx.now()
  const due = await ctx.db.execute<{ id: string }>(sql`
    update email_outbox set status = 'due', reason = null, due_at = ${now.toISOString()}, lease_until = null,
      stale_at = greatest(stale_at, ${new Date(now.getTime() + freshHours * 3_600_000).toISOString()}),
      message = null, template_version = null, request_index = null
    where id = any(${uuidArray(input.ids)}) and status in ('failed', 'stale') and resend_id is null
    returning id`)
  return due.rows.map(({ id }) => id)
}
