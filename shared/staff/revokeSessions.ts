import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { auditEntry } from "./auditEntry.ts"
import { requirePermission } from "./requirePermission.ts"

/** Ends every open session of a member of staff: one's own, or with `staff:write` anybody's. */
export async function revokeSessions(ctx: Context, staffId: string): Promise<void> {
  if (!(ctx.actor.kind === "staff" && ctx.actor.id === staffId)) requirePermission(ctx, "staff:write")
  const open = sql`staff_id::text = ${staffId} and revoked_at is null`
  await batch(ctx.db, [
    auditEntry(ctx, {
      action: "staff.signedOut",
      subject: { type: "staff", id: staffId },
      where: sql`exists (select from staff_sessions where ${open})`,
    }),
    sql`update staff_sessions set revoked_at = ${ctx.now().toISOString()} where ${open}`,
  ])
}
