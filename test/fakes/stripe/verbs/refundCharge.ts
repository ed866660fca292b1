import type { Account } from "../account.ts"
import { refund } from "../objects/refund.ts"
import { StripeError } from "../stripeError.ts"
import type { Charge, Refund } from "../wire.ts"

export interface RefundOptions {
  amount?: number | undefined
  reason?: Refund["reason"] | undefined
  metadata?: Record<string, string> | undefined
}

/** What is left of a charge, or part of it, goes back. */
export function refundCharge(account: Account, charge: Charge, options: RefundOptions = {}): Refund {
  const left = charge.amount_captured - charge.amount_refunded
  if (charge.status !== "succeeded" || left <= 0)
    throw new StripeError(400, `Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" })
  const amount = options.amount ?? left
  if (amount < 1 || amount > left)
    throw new StripeError(400, `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
      param: "amount",
    })
  const { reason = "requested_by_customer", metadata } = options
  const created = refund({ charge, amount, reason, metadata, ...account.stamp() })
  account.add("refund", created, "refund.created")
  const refunded = charge.amount_refunded + amount
  account.change(charge, { amount_refunded: refunded, refunded: refunded >= charge.amount }, "charge.refunded")
  account.change(
    created,
    {
      destination_details: {
        card: { reference: stripeReference(created.id), reference_status: "available", type: "refund" },
        type: "card",
      },
    },
    "refund.updated",
  )
  return created
}

const stripeReference = (id: string): string => id.slice(-16).toUpperCase()
