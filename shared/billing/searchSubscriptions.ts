import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { isPermitted } from "../staff/requirePermission.ts"

export interface FoundSubscription {
  id: string
  customerId: string
  status: string
  plan: string
  customer: string | null
}

/** Subscriptions whose Stripe id begins so (`sub_…`), the newest first; none for who may not read them. */
export async function searchSubscriptions(ctx: Context, query: string): Promise<FoundSubscription[]> {
  if (!isPermitted(ctx.actor, "billing:read") || !/^sub_\w{1,100}$/.test(query)) return []
  const found = await ctx.db.execute<FoundSubscription & Record<string, unknown>>(sql`
    select s.id, s.customer_id as "customerId", s.status, coalesce(c.name, c.email) as customer,
      coalesce((select string_agg(coalesce(p.name, i.product_id), ', ' order by i.id)
        from subscription_items i left join products p on p.id = i.product_id where i.subscription_id = s.id), '') as plan
    from subscriptions s join customers c on c.id = s.customer_id
    where s.id like ${`${query.replaceAll("_", "\\_")}%`} and c.deleted_at is null
    order by s.started_at desc limit 10`)
  return found.rows
}
