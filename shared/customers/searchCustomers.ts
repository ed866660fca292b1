import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { customerConditions } from "./customerFilter.ts"

/** The first few customers that a search of three characters or more finds, newest first; a shorter one finds nobody. */
export async function searchCustomers(
  ctx: Context,
  query: string,
): Promise<{ id: string; name: string | null; email: string | null; stage: string }[]> {
  requirePermission(ctx, "customers:read")
  const q = query.replaceAll("\0", " ").toWellFormed().trim()
  if (q.length < 3) return []
  const conditions = customerConditions({ q })
  const found = await ctx.db.execute<{ id: string; name: string | null; email: string | null; stage: string }>(sql`
    select c.id, c.name, c.email, c.stage from customers c where ${sql.join(conditions, sql` and `)}
    order by c.created_at desc, c.id desc limit 10`)
  return found.rows
}
