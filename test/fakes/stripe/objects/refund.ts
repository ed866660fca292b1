import { stripeId } from "../ids.ts"
import type { Charge, Refund } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

export function refund(
  input: {
    charge: Charge
    amount: number
    reason: Refund["reason"]
    metadata?: Record<string, string> | undefined
  } & Stamp,
): Refund {
  return {
    id: stripeId("re"),
    object: "refund",
    amount: input.amount,
    balance_transaction: stripeId("txn"),
    charge: input.charge.id,
    created: input.created,
    currency: input.charge.currency,
    customer: input.charge.customer,
    customer_account: null,
    destination_details: { card: { type: "refund" }, type: "card" },
    metadata: input.metadata ?? {},
    payment_intent: input.charge.payment_intent,
    payment_method: input.charge.payment_method,
    reason: input.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: "succeeded",
    transfer_reversal: null,
  }
}
