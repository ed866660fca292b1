import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { isPermitted } from "../../staff/requirePermission.ts"

/** The ticket of a number; null where there is none, and for whoever may not read tickets. */
export async function findTicket(
  ctx: Context,
  { number }: { number: number },
): Promise<{ id: string; number: number; subject: string; openerName: string; status: string } | null> {
  if (!isPermitted(ctx.actor, "tickets:read")) return null
  const { rows } = await ctx.db.execute<{ id: string; subject: string; opener_name: string; status: string }>(
    sql`select id, subject, opener_name, status from tickets where number = ${number}`,
  )
  const [row] = rows
  return row ? { id: row.id, number, subject: row.subject, openerName: row.opener_name, status: row.status } : null
}
