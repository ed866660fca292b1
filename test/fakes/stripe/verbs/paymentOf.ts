import type { Account } from "../account.ts"
import type { Invoice, InvoicePayment, PaymentIntent } from "../wire.ts"

export interface Payment {
  intent: PaymentIntent
  link: InvoicePayment
}

/** The payment that collects an invoice; none when there is nothing to collect. */
export function paymentOf(account: Account, invoice: Invoice): Payment | null {
  const links = account.store.all("invoice_payment")
  const link = links.findLast((each) => each.invoice === invoice.id)
  const intent = account.store.get("payment_intent", link?.payment.payment_intent)
  return link && intent ? { intent, link } : null
}
