import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { uuidArray } from "../db/bulk.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { queueEmails } from "./queueEmails.ts"

const freshHours = 48

/**
 * Makes failed and stale mails due again and queues them, for staff; they are decided about and rendered anew. Only what
 * certainly was not sent: `unknown` stays as it is. Returns the ids that are due now.
 */
export async function retryEmails(ctx: Context<object, "emails">, input: { ids: string[] }): Promise<string[]> {
  requirePermission(ctx, "outbox:write")
  const now = ctx.now()
  const due = await ctx.db.execute<{ id: string }>(sql`
    with due as (
      update email_outbox set status = 'due', reason = null, due_at = ${now.toISOString()}, lease_until = null,
        stale_at = greatest(stale_at, ${new Date(now.getTime() + freshHours * 3_600_000).toISOString()}),
        message = null, template_version = null, request_index = null
      where id = any(${uuidArray(input.ids)}) and status in ('failed', 'stale') and resend_id is null
      returning id),
    audited as (${auditEntry(ctx, {
      action: "mails.retried",
      subject: { type: "mail", id: input.ids.length === 1 ? (input.ids[0] ?? "") : "several" },
      after: sql`(select jsonb_build_object('ids', jsonb_agg(id order by id)) from due)`,
      where: sql`exists (select from due)`,
    })})
    select id from due`)
  const ids = due.rows.map(({ id }) => id)
  await queueEmails(ctx, ids)
  return ids
}
