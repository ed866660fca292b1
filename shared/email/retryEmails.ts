import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { uuidArray } from "../db/bulk.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"

const freshHours = 48

/**
 * Makes failed and stale mails due again and queues them, for staff; they are decided about and rendered anew. Only what
 * certainly was not sent: `unknown` stays as it is. Returns the ids that are due now.
 */
export async function retryEmails(ctx: Context<object, "emails">, input: { ids: string[] }): Promise<string[]> {
  requirePermission(ctx, "outbox:write")
  const now = ctx.now()
  const [due] = await batch(ctx.db, [
    sql`
      update email_outbox set status = 'due', reason = null, due_at = ${now.toISOString()}, lease_until = null,
        stale_at = greatest(stale_at, ${new Date(now.getTime() + freshHours * 3_600_000).toISOString()}),
        message = null, template_version = null, request_index = null
      where id = any(${uuidArray(input.ids)}) and status in ('failed', 'stale') and resend_id is null
      returning id`,
    auditEntry(ctx, {
      action: "mails.retried",
      subject: { type: "mail", id: input.ids.length === 1 ? (input.ids[0] ?? "") : "several" },
      after: { ids: input.ids },
    }),
  ])
  const ids = (due?.rows ?? []).map(({ id }) => String(id))
  try {
    if (ids.length > 0) await ctx.queues.emails.send({ ids })
  } catch (error) {
    ctx.log.warn("queue down; the sweep will send them", { ids: ids.length, error: String(error) })
  }
  return ids
}
