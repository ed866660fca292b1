import type { Account } from "../account.ts"
import { dispute } from "../objects/dispute.ts"
import { StripeError } from "../stripeError.ts"
import type { Charge, Dispute } from "../wire.ts"

/** The cardholder asks their bank for the money back, and the bank takes it. */
export function openDispute(account: Account, charge: Charge, reason = "fraudulent"): Dispute {
  if (charge.status !== "succeeded") throw new StripeError(400, `Charge ${charge.id} cannot be disputed.`)
  const opened = dispute({ charge, reason, ...account.stamp() })
  account.add("dispute", opened, "charge.dispute.created")
  account.change(charge, { disputed: true }, "charge.updated")
  account.tell("charge.dispute.funds_withdrawn", opened)
  return opened
}

export function closeDispute(account: Account, opened: Dispute, status: "won" | "lost"): Dispute {
  if (opened.status === "won" || opened.status === "lost")
    throw new StripeError(400, `Dispute ${opened.id} is already closed.`)
  account.change(opened, { status }, "charge.dispute.closed")
  if (status === "won") account.tell("charge.dispute.funds_reinstated", opened)
  return opened
}
