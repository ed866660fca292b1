import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"

/** Takes a customer out of a sequence: what is due of it is not sent any more. Doing it twice is doing it once. */
export async function stopEnrolment(ctx: Context, input: { enrolmentId: string }): Promise<void> {
  requirePermission(ctx, "customers:write")
  const { enrolmentId } = input
  await batch(ctx.db, [
    sql`update enrolments set status = 'exited', exit_reason = 'stopped by staff', ended_at = ${ctx.now().toISOString()}
      where id = ${enrolmentId} and status = 'active'`,
    sql`update email_outbox set status = 'cancelled', reason = 'the sequence was stopped by staff', lease_until = null
      where enrolment_id = ${enrolmentId} and status = 'due'`,
    auditEntry(ctx, { action: "enrolment.stopped", subject: { type: "enrolment", id: enrolmentId } }),
  ])
}
