import { sql } from "drizzle-orm"
import type * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { toAppError } from "../../errors.ts"
import type { StripeSubscriptions } from "../../vendors/stripeSubscriptions.ts"
import type { cancellationRecord } from "../records.ts"

export interface CancellationVendors {
  stripe: StripeSubscriptions
}

type Cancellation = z.infer<typeof cancellationRecord>

/** Longer than Stripe's client takes to give up on a call. */
const leaseMilliseconds = 60_000
export const leaseEnd = (now: Date): string => new Date(now.getTime() + leaseMilliseconds).toISOString()

/** Longer, and the customer may have changed their mind elsewhere. */
const givenUpAfterMilliseconds = 23 * 3_600_000

/**
 * Tells Stripe what was agreed, and keeps what came of it. A refusal fails it and tells staff; when Stripe does not
 * answer it stays pending, until after 23 hours it is given up. The subscription's row follows by Stripe's webhook. For who
 * holds the lease; it is given back.
 */
export async function carryOutCancellation(
  ctx: Context<CancellationVendors>,
  cancellation: Cancellation,
  attempt: number,
): Promise<{ status: "done" | "pending" | "failed"; error: string | null }> {
  const { id, customerId, subscriptionId } = cancellation
  try {
    await tellStripe(ctx.vendors.stripe, cancellation, attempt)
  } catch (thrown) {
    const { code, message } = toAppError(thrown)
    const age = ctx.now().getTime() - new Date(cancellation.createdAt).getTime()
    if (code !== "vendor_rejected" && age < givenUpAfterMilliseconds) {
      ctx.log.warn("cancellation waits for Stripe", { id, code, error: message })
      await ctx.db.execute(sql`update cancellations set lease_until = null, last_error = ${message} where id = ${id}`)
      return { status: "pending", error: message }
    }
    ctx.log.error("cancellation failed", { id, code, error: message })
    await batch(ctx.db, [
      sql`update cancellations set lease_until = null, last_error = ${message},
        status = case when status = 'pending' then 'failed' else status end where id = ${id}`,
      sql`insert into staff_notifications (id, key, customer_id, message, created_at)
        select ${crypto.randomUUID()}::uuid, ${`cancellation:${id}`}, ${customerId}::uuid,
          ${`The customer's decision to ${cancellation.action} ${subscriptionId} was not carried out: ${message}`},
          ${ctx.now().toISOString()}::timestamptz
        where exists (select from cancellations where id = ${id} and status = 'failed') on conflict (key) do nothing`,
    ])
    return { status: "failed", error: message }
  }
  await ctx.db.execute(sql`
    update cancellations set lease_until = null, last_error = null,
      done_at = case when status = 'pending' then ${ctx.now().toISOString()}::timestamptz end,
      status = case when status = 'pending' then 'done' else status end where id = ${id}`)
  return { status: "done", error: null }
}

async function tellStripe(stripe: StripeSubscriptions, cancellation: Cancellation, attempt: number): Promise<void> {
  const { id, subscriptionId, action, coupon, resumesAt, reason, comment } = cancellation
  // Stripe repeats its answer to a key, an error of its own too. Every one of these sets a state, so twice is once.
  const key = `${id}:${attempt}`
  if (action === "pause" && resumesAt) return stripe.pause(subscriptionId, new Date(resumesAt), key)
  if (action === "coupon" && coupon) return stripe.applyCoupon(subscriptionId, coupon, key)
  return stripe.cancelAtPeriodEnd(subscriptionId, { feedback: reason, comment }, key)
}
