import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { askConfirmation } from "../../staff/confirmations.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

export const eraseQuestion = (customerId: string) => ({ action: "customer.erased", about: customerId })

/** Whom erasing would be about, why it cannot be done right now if so, and else the confirmation that it takes. */
export async function askToErase(ctx: Context, id: string) {
  requirePermission(ctx, "customers:erase")
  const found = await ctx.db.execute<{
    name: string | null
    email: string | null
    stripe_id: string | null
    erased: boolean
    running: boolean
  }>(sql`
    select name, email, stripe_id, erased_at is not null as erased,
      exists (select from subscriptions s where s.customer_id = c.id
        and s.status in ('active', 'trialing', 'past_due', 'unpaid', 'paused')) as running
    from customers c where id::text = ${id}`)
  const [customer] = found.rows
  if (!customer) throw new AppError("not_found", "There is no such customer.")
  const { erased, running } = customer
  const confirmation = erased || running ? null : await askConfirmation(ctx, eraseQuestion(id))
  return { customer, erased, running, confirmation }
}
