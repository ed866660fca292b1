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

/** Longer, and the customer may have changed their mind elsewhere. */
const givenUpAfterMilliseconds = 23 * 3_600_000

/**
 * Tells Stripe what was agreed, and keeps what came of it. A refusal fails it and tells staff; when Stripe does not
 * answer it stays pending, until after 23 hours it is given up. The subscription's row follows by Stripe's webhook.
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
      await ctx.db.execute(
        sql`update cancellations set last_error = ${message} where id = ${id} and status = 'pending'`,
      )
      return { status: "pending", error: message }
    }
    ctx.log.error("cancellation failed", { id, code, error: message })
    await batch(ctx.db, [
      sql`update cancellations set status = 'failed', last_error = ${message} where id = ${id} and status = 'pending'`,
      sql`insert into staff_notifications (id, key, customer_id, message, created_at)
        values (${crypto.randomUUID()}, ${`cancellation:${id}`}, ${customerId},
          ${`The customer's decision to ${cancellation.action} ${subscriptionId} was not carried out: ${message}`},
          ${ctx.now().toISOString()}) on conflict (key) do nothing`,
    ])
    return { status: "failed", error: message }
  }
  await ctx.db.execute(sql`
    update cancellations set status = 'done', done_at = ${ctx.now().toISOString()}, last_error = null
    where id = ${id} and status = 'pending'`)
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
