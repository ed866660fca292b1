import type { Account } from "../account.ts"
import { day } from "../clock.ts"
import { subscriptionIdOf } from "../subscriptionFacts.ts"
import type { Invoice, Subscription } from "../wire.ts"
import { endSubscription } from "./endSubscription.ts"
import { updateCustomer } from "./updateCustomer.ts"

/** Counts a failed attempt, plans the next one, and after the last does what the account's settings say. */
export function failInvoice(account: Account, invoice: Invoice): Invoice {
  const subscription = account.store.get("subscription", subscriptionIdOf(invoice))
  // The first invoice of a subscription is left to the customer, who has 23 hours.
  const retry = subscription?.status === "incomplete" ? null : nextRetry(account, invoice)
  account.change(
    invoice,
    { attempted: true, attempt_count: invoice.attempt_count + 1, next_payment_attempt: retry },
    "invoice.updated",
  )
  account.tell("invoice.payment_failed", invoice)
  if (subscription?.status === "active")
    account.change(subscription, { status: "past_due" }, "customer.subscription.updated")
  const customer = account.store.get("customer", invoice.customer)
  if (customer && !customer.delinquent) updateCustomer(account, customer.id, { delinquent: true })
  if (retry === null && subscription?.status === "past_due") giveUp(account, subscription)
  return invoice
}

function nextRetry(account: Account, invoice: Invoice): number | null {
  const now = account.now()
  const since = account.failedSince.get(invoice.id) ?? now
  account.failedSince.set(invoice.id, since)
  return account.billing.retryDays.map((days) => since + days * day).find((at) => at > now) ?? null
}

function giveUp(account: Account, subscription: Subscription): void {
  switch (account.billing.afterRetries) {
    case "cancel":
      endSubscription(account, subscription, "payment_failed")
      return
    case "unpaid":
      account.change(subscription, { status: "unpaid" }, "customer.subscription.updated")
      return
    case "past_due":
      return
  }
}
