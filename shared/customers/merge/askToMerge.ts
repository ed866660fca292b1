import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { askConfirmation } from "../../staff/confirmations.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

export interface MergeSide {
  id: string
  name: string | null
  email: string | null
  stripeId: string | null
  tags: string[]
  /** Deleted in Stripe, or here. */
  deleted: boolean
  counts: { subscriptions: number; invoices: number; mails: number; timeline: number; notes: number }
}

export const mergeQuestion = (input: { from: string; into: string }) => ({
  action: "customer.merged",
  about: `${input.from} into ${input.into}`,
})

/** Two customers side by side, and the confirmation of each way in which they can become one; null where one is gone. */
export async function askToMerge(ctx: Context, input: { a: string; b: string }) {
  requirePermission(ctx, "customers:merge")
  const found = await ctx.db.execute<{
    id: string
    name: string | null
    email: string | null
    stripe_id: string | null
    tags: string[]
    deleted: boolean
    counts: MergeSide["counts"]
  }>(sql`
    select c.id, c.name, c.email, c.stripe_id, to_jsonb(c.tags) as tags, c.deleted_at is not null as deleted, jsonb_build_object(
      'subscriptions', (select count(*) from subscriptions where customer_id = c.id),
      'invoices', (select count(*) from invoices where customer_id = c.id),
      'mails', (select count(*) from email_outbox where customer_id = c.id),
      'timeline', (select count(*) from timeline_entries where customer_id = c.id),
      'notes', (select count(*) from customer_notes where customer_id = c.id)) as counts
    from customers c where c.id::text in (${input.a}, ${input.b}) and c.merged_into is null and c.erased_at is null`)
  const side = (id: string): MergeSide | null => {
    const row = found.rows.find((each) => each.id === id)
    return row ? { ...row, stripeId: row.stripe_id } : null
  }
  const [a, b] = [side(input.a), side(input.b)]
  if (!a || !b || a.id === b.id) return null
  const ways: { from: MergeSide; into: MergeSide; confirmation: string }[] = []
  // Stripe's events must find the record that stays, and staff too: who is deleted is in no list.
  for (const [from, into] of [
    [a, b],
    [b, a],
  ] as const)
    if (!into.deleted && (into.stripeId !== null || from.stripeId === null))
      ways.push({
        from,
        into,
        confirmation: await askConfirmation(ctx, mergeQuestion({ from: from.id, into: into.id })),
      })
  return { a, b, ways }
}
