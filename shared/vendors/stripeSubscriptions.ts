import { createStripeClient, type StripeOptions } from "./stripeClient.ts"
import { stripeError } from "./stripeError.ts"

/** What is done to a subscription of Stripe. Each call carries a key under which Stripe does it once. */
export interface StripeSubscriptions {
  cancelAtPeriodEnd(id: string, said: { feedback: string; comment: string | null }, key: string): Promise<void>
  /** Invoices of the pause are voided; it ends by itself. Takes a planned cancellation back. */
  pause(id: string, until: Date, key: string): Promise<void>
  /** In place of whatever discount there was. Takes a planned cancellation back. */
  applyCoupon(id: string, coupon: string, key: string): Promise<void>
}

export function createStripeSubscriptions(options: StripeOptions): StripeSubscriptions {
  const { client, prefix } = createStripeClient(options)
  const update = async (id: string, fields: Record<string, unknown>, key: string) => {
    const path = `/v1/subscriptions/${encodeURIComponent(id)}`
    try {
      await client().rawRequest("POST", `${prefix}${path}`, fields, { idempotencyKey: key })
    } catch (error) {
      throw stripeError(error, `POST ${path}`)
    }
  }
  return {
    cancelAtPeriodEnd: (id, { feedback, comment }, key) =>
      update(
        id,
        { cancel_at_period_end: true, cancellation_details: { feedback, ...(comment !== null && { comment }) } },
        key,
      ),
    pause: (id, until, key) =>
      update(
        id,
        {
          cancel_at_period_end: false,
          pause_collection: { behavior: "void", resumes_at: Math.floor(until.getTime() / 1000) },
        },
        key,
      ),
    applyCoupon: (id, coupon, key) => update(id, { cancel_at_period_end: false, discounts: [{ coupon }] }, key),
  }
}
