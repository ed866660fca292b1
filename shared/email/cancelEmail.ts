import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { completeEnrolments } from "./completeEnrolments.ts"

/**
 * Keeps one mail that is still due from being sent; later ones of its sequence come when they would have. Throws
 * `conflict` where it is too late.
 */
export async function cancelEmail(ctx: Context, input: { id: string }): Promise<void> {
  requirePermission(ctx, "outbox:write")
  const { id } = input
  const [, cancelled] = await batch(ctx.db, [
    auditEntry(ctx, {
      action: "mail.cancelled",
      subject: { type: "mail", id },
      where: sql`exists (select from email_outbox where id = ${id}::uuid and status = 'due')`,
    }),
    sql`update email_outbox set status = 'cancelled', reason = 'cancelled by staff', lease_until = null
      where id = ${id}::uuid and status = 'due'`,
    completeEnrolments([id], ctx.now()),
  ])
  if (cancelled?.rowCount === 0) throw new AppError("conflict", "It is too late: this mail is not due any more.")
}
