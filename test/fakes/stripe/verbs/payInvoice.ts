import type { Account } from "../account.ts"
import { StripeError } from "../stripeError.ts"
import { subscriptionIdOf } from "../subscriptionFacts.ts"
import type { Invoice, PaymentMethod } from "../wire.ts"
import { askAuthentication } from "./askAuthentication.ts"
import { bankAnswer, cardOf } from "./cardOf.ts"
import { declinePayment } from "./declinePayment.ts"
import { finalizeInvoice } from "./finalizeInvoice.ts"
import { paymentOf } from "./paymentOf.ts"
import { settleInvoice } from "./settleInvoice.ts"

/** Tries to collect an invoice now; what the bank answers decides what follows. */
export function payInvoice(account: Account, invoice: Invoice, given?: PaymentMethod): Invoice {
  if (invoice.status === "draft") finalizeInvoice(account, invoice)
  if (invoice.status === "paid") throw new StripeError(400, "Invoice is already paid", { code: "invoice_already_paid" })
  if (invoice.status !== "open" && invoice.status !== "uncollectible")
    throw new StripeError(400, `This invoice can't be paid because it is ${invoice.status}.`, {
      code: "invoice_not_payable",
    })
  const payment = paymentOf(account, invoice)
  if (!payment) return settleInvoice(account, invoice, null)
  const subscription = account.store.get("subscription", subscriptionIdOf(invoice))
  const method = given ?? cardOf(account, invoice.customer ?? "", subscription)
  if (!method) return declinePayment(account, invoice, payment, null)
  const answer = bankAnswer(account, method)
  if (answer === "works") return settleInvoice(account, invoice, { ...payment, method })
  if (answer === "authentication_required") return askAuthentication(account, invoice, payment, method)
  return declinePayment(account, invoice, payment, { method, decline: answer })
}
