import { stripeId } from "../ids.ts"
import type { Invoice, InvoicePayment } from "../wire.ts"
import type { Stamp } from "./stamp.ts"

export function invoicePayment(input: { invoice: Invoice; paymentIntent: string } & Stamp): InvoicePayment {
  return {
    id: stripeId("inpay"),
    object: "invoice_payment",
    amount_paid: null,
    amount_requested: input.invoice.amount_due,
    created: input.created,
    currency: input.invoice.currency,
    invoice: input.invoice.id,
    is_default: true,
    livemode: input.livemode,
    payment: { payment_intent: input.paymentIntent, type: "payment_intent" },
    status: "open",
    status_transitions: { canceled_at: null, paid_at: null },
  }
}
