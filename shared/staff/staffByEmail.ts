import { sql } from "drizzle-orm"
import type { Actor, Context } from "../context.ts"
import { roles } from "./roles.ts"

/** The member of staff with this address, in lower case; null when there is none or they are disabled. */
export async function staffByEmail(ctx: Context, email: string): Promise<Extract<Actor, { kind: "staff" }> | null> {
  const found = await ctx.db.execute<{ id: string; name: string; role: string }>(
    sql`select id, name, role from staff where email = ${email} and disabled_at is null`,
  )
  const [row] = found.rows
  const role = roles.find((each) => each === row?.role)
  return row && role ? { kind: "staff", id: row.id, email, name: row.name, role } : null
}
