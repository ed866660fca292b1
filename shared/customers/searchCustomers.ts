import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { customerConditions } from "./customerFilter.ts"

export interface FoundCustomer {
  id: string
  name: string | null
  email: string | null
  stage: string
  stripeId: string | null
}

/** A member of the server, by mention or by id. */
const discordUser = /^(?:<@!?(\d{17,20})>|(\d{17,20}))$/

/**
 * The first few customers that a search of three characters or more finds, newest first; a shorter one finds nobody. Who is
 * named as a member of the Discord server is whoever has linked that account.
 */
export async function searchCustomers(ctx: Context, query: string): Promise<FoundCustomer[]> {
  requirePermission(ctx, "customers:read")
  const q = query.replaceAll("\0", " ").toWellFormed().trim()
  if (q.length < 3) return []
  const [, mentioned, named] = discordUser.exec(q) ?? []
  const userId = mentioned ?? named
  const conditions = userId
    ? [...customerConditions({}), sql`c.id = (select customer_id from discord_links where user_id = ${userId})`]
    : customerConditions({ q })
  const found = await ctx.db.execute<FoundCustomer & Record<string, unknown>>(sql`
    select c.id, c.name, c.email, c.stage, c.stripe_id as "stripeId" from customers c where ${sql.join(conditions, sql` and `)}
    order by c.created_at desc, c.id desc limit 10`)
  return found.rows
}
