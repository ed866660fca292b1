import type { Account } from "../account.ts"
import type { Invoice, PaymentMethod } from "../wire.ts"
import { failInvoice } from "./failInvoice.ts"
import type { Payment } from "./paymentOf.ts"

/** The bank wants the customer to confirm: the payment waits for them, and the invoice counts a failed attempt. */
export function askAuthentication(
  account: Account,
  invoice: Invoice,
  { intent }: Payment,
  method: PaymentMethod,
): Invoice {
  Object.assign(intent, {
    status: "requires_action",
    payment_method: method.id,
    next_action: { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect" } },
  })
  account.tell("payment_intent.requires_action", intent)
  failInvoice(account, invoice)
  account.tell("invoice.payment_action_required", invoice)
  return invoice
}
