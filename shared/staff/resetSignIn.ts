import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { auditEntry } from "./auditEntry.ts"
import { requirePermission } from "./requirePermission.ts"

/** For who has lost their devices: takes passkeys, app and recovery codes away and signs them out; a code by mail opens. */
export async function resetSignIn(ctx: Context, staffId: string): Promise<void> {
  requirePermission(ctx, "staff:write")
  const theirs = sql`staff_id::text = ${staffId}`
  await batch(ctx.db, [
    auditEntry(ctx, {
      action: "staff.signInReset",
      subject: { type: "staff", id: staffId },
      where: sql`exists (select from staff where id::text = ${staffId})`,
    }),
    sql`delete from staff_passkeys where ${theirs}`,
    sql`delete from staff_recovery_codes where ${theirs}`,
    sql`update staff set totp_secret = null, totp_last_step = null where id::text = ${staffId}`,
    sql`update staff_sessions set revoked_at = ${ctx.now().toISOString()} where ${theirs} and revoked_at is null`,
  ])
}
