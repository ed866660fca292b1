import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { sqlState } from "../db/sqlState.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "./auditEntry.ts"
import { requirePermission } from "./requirePermission.ts"
import { roles } from "./roles.ts"

/** SQLSTATE by which the batch below gives up. */
const divisionByZero = "22012"

const shape = z.object({ id: z.uuid(), role: z.enum(roles), disabled: z.boolean() })

/**
 * Gives somebody a role and lets them in or not. Who is disabled, or given another role, is signed out everywhere.
 * Throws `not_found` for nobody, `conflict` when no enabled owner would be left.
 */
export async function changeStaff(ctx: Context, given: unknown): Promise<void> {
  requirePermission(ctx, "staff:write")
  const read = shape.safeParse(given)
  if (!read.success) throw new AppError("bad_request", "The form is incomplete. Open it again.")
  const { id, role, disabled } = read.data
  const now = ctx.now().toISOString()
  const differs = sql`(p.role <> ${role} or (p.disabled_at is not null) <> ${disabled}::boolean)`
  try {
    const [, found] = await batch(ctx.db, [
      // Two owners who demote each other at once wait for each other here.
      sql`select pg_advisory_xact_lock(hashtextextended('staff', 0))`,
      sql`select p.id from staff p where p.id = ${id}`,
      auditEntry(ctx, {
        action: "staff.changed",
        subject: { type: "staff", id },
        before: sql`(select jsonb_build_object('role', role, 'disabled', disabled_at is not null) from staff where id = ${id})`,
        after: { role, disabled },
        where: sql`exists (select from staff p where p.id = ${id} and ${differs})`,
      }),
      sql`update staff_sessions s set revoked_at = ${now} from staff p
        where p.id = ${id} and s.staff_id = p.id and s.revoked_at is null and ${differs}`,
      sql`update staff p set role = ${role},
          disabled_at = case when ${disabled}::boolean then coalesce(p.disabled_at, ${now}::timestamptz) end
        where p.id = ${id}`,
      sql`select 1 / (case when exists (select from staff where role = 'owner' and disabled_at is null) then 1 else 0 end)`,
    ])
    if (found?.rows.length === 0) throw new AppError("not_found", "There is no such member of staff.")
  } catch (thrown) {
    if (sqlState(thrown) !== divisionByZero) throw thrown
    throw new AppError("conflict", "This is the last owner. Make somebody else an owner first.")
  }
}
