import type { Account } from "../account.ts"
import { StripeError } from "../stripeError.ts"
import type { Invoice } from "../wire.ts"
import { paymentOf } from "./paymentOf.ts"

/** Gives an open invoice up: void as if it had never been, uncollectible as a bad debt. */
export function closeInvoice(account: Account, invoice: Invoice, as: "void" | "uncollectible"): Invoice {
  if (invoice.status !== "open" && !(as === "void" && invoice.status === "uncollectible"))
    throw new StripeError(400, `You can only ${as} an open invoice, this one is ${invoice.status}.`, {
      code: "invoice_not_editable",
    })
  const now = account.now()
  const stamp = as === "void" ? { voided_at: now } : { marked_uncollectible_at: now }
  account.change(
    invoice,
    {
      status: as,
      auto_advance: false,
      next_payment_attempt: null,
      status_transitions: { ...invoice.status_transitions, ...stamp },
    },
    "invoice.updated",
  )
  account.tell(as === "void" ? "invoice.voided" : "invoice.marked_uncollectible", invoice)
  const payment = as === "void" ? paymentOf(account, invoice) : null
  if (payment && payment.intent.status !== "succeeded") {
    Object.assign(payment.intent, { status: "canceled", canceled_at: now, cancellation_reason: "void_invoice" })
    account.tell("payment_intent.canceled", payment.intent)
    Object.assign(payment.link, { status: "canceled", status_transitions: { canceled_at: now, paid_at: null } })
  }
  return invoice
}
