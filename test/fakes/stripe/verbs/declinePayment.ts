import type { Account } from "../account.ts"
import { type DeclineCode, declines } from "../card.ts"
import { charge } from "../objects/charge.ts"
import type { Invoice, PaymentIntent, PaymentMethod } from "../wire.ts"
import { failInvoice } from "./failInvoice.ts"
import type { Payment } from "./paymentOf.ts"

/** The bank refuses, or there is no card to charge. */
export function declinePayment(
  account: Account,
  invoice: Invoice,
  { intent }: Payment,
  refusal: { method: PaymentMethod; decline: DeclineCode } | null,
): Invoice {
  if (refusal) refuse(account, intent, refusal)
  return failInvoice(account, invoice)
}

function refuse(account: Account, intent: PaymentIntent, refusal: { method: PaymentMethod; decline: DeclineCode }) {
  const { method, decline } = refusal
  const failed = charge({ intent, method, decline, ...account.stamp() })
  account.add("charge", failed, "charge.failed")
  Object.assign(intent, {
    status: "requires_payment_method",
    latest_charge: failed.id,
    payment_method: null,
    next_action: null,
    last_payment_error: {
      advice_code: "try_again_later",
      charge: failed.id,
      code: declines[decline].code,
      decline_code: decline,
      doc_url: `https://stripe.com/docs/error-codes/${declines[decline].code.replaceAll("_", "-")}`,
      message: declines[decline].message,
      network_decline_code: "05",
      payment_method: structuredClone(method),
      type: "card_error",
    },
  } satisfies Partial<PaymentIntent>)
  account.tell("payment_intent.payment_failed", intent)
}
