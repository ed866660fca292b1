import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { completeEnrolments } from "./completeEnrolments.ts"

/** Keeps one mail that is still due from being sent; later ones of its sequence come when they would have. */
export async function cancelEmail(ctx: Context, input: { id: string }): Promise<void> {
  requirePermission(ctx, "outbox:write")
  const { id } = input
  await batch(ctx.db, [
    sql`update email_outbox set status = 'cancelled', reason = 'cancelled by staff', lease_until = null
      where id = ${id}::uuid and status = 'due'`,
    completeEnrolments([id], ctx.now()),
    auditEntry(ctx, { action: "mail.cancelled", subject: { type: "mail", id } }),
  ])
}
