import type { Account } from "../account.ts"
import { invoicePayment } from "../objects/invoicePayment.ts"
import { paymentIntent } from "../objects/paymentIntent.ts"
import { StripeError } from "../stripeError.ts"
import type { Customer, Invoice } from "../wire.ts"
import { updateCustomer } from "./updateCustomer.ts"

/** Numbers a draft, settles the customer's balance against it and makes the payment that will collect it. */
export function finalizeInvoice(account: Account, invoice: Invoice): Invoice {
  if (invoice.status !== "draft")
    throw new StripeError(400, "This invoice is already finalized, you can't re-finalize a non-draft invoice.", {
      code: "invoice_not_editable",
    })
  const now = account.now()
  const customer = account.store.get("customer", invoice.customer)
  const balance = customer?.balance ?? 0
  const due = Math.max(0, invoice.total + balance)
  const endingBalance = invoice.total + balance - due
  Object.assign(invoice, {
    status: "open",
    number: customer ? nextNumber(customer) : `${invoice.id.slice(-8).toUpperCase()}-0001`,
    effective_at: now,
    automatically_finalizes_at: null,
    next_payment_attempt: null,
    amount_due: due,
    amount_remaining: due,
    starting_balance: balance,
    ending_balance: endingBalance,
    hosted_invoice_url: account.hostedUrl(invoice.id),
    invoice_pdf: `${account.hostedUrl(invoice.id)}/pdf`,
    status_transitions: { ...invoice.status_transitions, finalized_at: now },
    webhooks_delivered_at: now,
  })
  account.tell("invoice.finalized", invoice)
  if (customer && endingBalance !== balance) updateCustomer(account, customer.id, { balance: endingBalance })
  if (due > 0) preparePayment(account, invoice)
  return invoice
}

function nextNumber(customer: Customer): string {
  const sequence = customer.next_invoice_sequence ?? 1
  customer.next_invoice_sequence = sequence + 1
  return `${customer.invoice_prefix}-${String(sequence).padStart(4, "0")}`
}

function preparePayment(account: Account, invoice: Invoice): void {
  const creation = invoice.billing_reason === "subscription_create"
  const description = creation ? "Subscription creation" : "Subscription update"
  const intent = paymentIntent({ invoice, description, ...account.stamp() })
  account.add("payment_intent", intent, "payment_intent.created")
  account.add("invoice_payment", invoicePayment({ invoice, paymentIntent: intent.id, ...account.stamp() }))
}
