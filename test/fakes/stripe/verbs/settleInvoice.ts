import type { Account } from "../account.ts"
import { charge } from "../objects/charge.ts"
import { subscriptionIdOf } from "../subscriptionFacts.ts"
import type { Invoice, PaymentMethod } from "../wire.ts"
import type { Payment } from "./paymentOf.ts"
import { updateCustomer } from "./updateCustomer.ts"

/** An invoice is paid, with a charge unless there was nothing to pay. */
export function settleInvoice(
  account: Account,
  invoice: Invoice,
  payment: (Payment & { method: PaymentMethod }) | null,
): Invoice {
  const now = account.now()
  if (payment) collect(account, invoice, payment)
  account.change(
    invoice,
    {
      status: "paid",
      amount_paid: invoice.amount_due,
      amount_remaining: 0,
      attempted: true,
      attempt_count: invoice.attempt_count + (payment ? 1 : 0),
      auto_advance: false,
      next_payment_attempt: null,
      status_transitions: { ...invoice.status_transitions, paid_at: now },
    },
    "invoice.updated",
  )
  account.tell("invoice.paid", invoice)
  account.tell("invoice.payment_succeeded", invoice)
  account.failedSince.delete(invoice.id)
  recover(account, invoice)
  return invoice
}

function collect(account: Account, invoice: Invoice, { intent, link, method }: Payment & { method: PaymentMethod }) {
  const now = account.now()
  intent.payment_method = method.id
  const paid = charge({ intent, method, decline: null, ...account.stamp() })
  account.add("charge", paid, "charge.succeeded")
  Object.assign(intent, {
    status: "succeeded",
    amount_received: intent.amount,
    latest_charge: paid.id,
    last_payment_error: null,
    next_action: null,
  })
  account.tell("payment_intent.succeeded", intent)
  Object.assign(link, {
    status: "paid",
    amount_paid: invoice.amount_due,
    status_transitions: { canceled_at: null, paid_at: now },
  })
  account.tell("invoice_payment.paid", link)
}

function recover(account: Account, invoice: Invoice): void {
  const subscription = account.store.get("subscription", subscriptionIdOf(invoice))
  const waiting = ["incomplete", "past_due", "unpaid"]
  const latest = account.store.ownedBy(subscription?.id, "invoice").findLast(({ status }) => status !== "draft")
  if (subscription && latest?.id === invoice.id && waiting.includes(subscription.status))
    account.change(subscription, { status: "active" }, "customer.subscription.updated")
  const customer = account.store.get("customer", invoice.customer)
  const owes = account.store.ownedBy(customer?.id, "invoice").some((each) => each.status === "open" && each.attempted)
  if (customer?.delinquent && !owes) updateCustomer(account, customer.id, { delinquent: false })
}
