import type { Account } from "../account.ts"
import type { Invoice, InvoicePayment, PaymentIntent } from "../wire.ts"

export interface Payment {
  intent: PaymentIntent
  link: InvoicePayment
}

/** The payment that collects an invoice; none when there is nothing to collect. */
export function paymentOf(account: Account, invoice: Invoice): Payment | null {
  const link = account.store.ownedBy(invoice.id, "invoice_payment").at(-1)
  const intent = account.store.get("payment_intent", link?.payment.payment_intent)
  return link && intent ? { intent, link } : null
}
