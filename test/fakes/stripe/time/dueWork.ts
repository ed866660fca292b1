import type { Account } from "../account.ts"
import { hour } from "../clock.ts"
import { currentPeriodEnd, isEnded } from "../subscriptionFacts.ts"
import { closeInvoice } from "../verbs/closeInvoice.ts"
import { endSubscription } from "../verbs/endSubscription.ts"
import { endTrial } from "../verbs/endTrial.ts"
import { payInvoice } from "../verbs/payInvoice.ts"
import { renewSubscription } from "../verbs/renewSubscription.ts"
import type { Invoice, Subscription } from "../wire.ts"
import { announce, announceAt } from "./announce.ts"

export interface DueWork {
  at: number
  run: () => void
}

/** What falls due up to `until`, in order. Each is checked again when its turn comes: what ran before may have changed it. */
export function dueWork(account: Account, until: number): DueWork[] {
  const work: DueWork[] = []
  const plan = (at: number | null | undefined, run: () => void) => {
    if (typeof at === "number" && at <= until) work.push({ at, run })
  }
  for (const subscription of account.store.all("subscription")) {
    if (isEnded(subscription)) continue
    const again = () => stepSubscription(account, subscription)
    plan(announceAt(account, subscription), () => announce(account, subscription))
    plan(subscriptionDue(subscription), again)
    plan(subscription.pause_collection?.resumes_at, again)
  }
  for (const invoice of account.store.all("invoice"))
    plan(invoiceDue(invoice), () => {
      const at = invoiceDue(invoice)
      if (at !== null && at <= account.now()) payInvoice(account, invoice)
    })
  return work.sort((a, b) => a.at - b.at)
}

function invoiceDue(invoice: Invoice): number | null {
  if (invoice.status === "draft") return invoice.automatically_finalizes_at
  return invoice.status === "open" ? invoice.next_payment_attempt : null
}

function subscriptionDue(subscription: Subscription): number | null {
  if (subscription.cancel_at !== null) return Math.min(subscription.cancel_at, currentPeriodEnd(subscription))
  switch (subscription.status) {
    case "incomplete":
      return subscription.created + 23 * hour
    case "trialing":
      return subscription.trial_end
    case "active":
    case "past_due":
    case "unpaid":
      return currentPeriodEnd(subscription)
    default:
      return null
  }
}

function stepSubscription(account: Account, subscription: Subscription): void {
  const now = account.now()
  const resumes = subscription.pause_collection?.resumes_at
  if (typeof resumes === "number" && resumes <= now)
    account.change(subscription, { pause_collection: null }, "customer.subscription.updated")
  const due = subscriptionDue(subscription)
  if (isEnded(subscription) || due === null || due > now) return
  if (subscription.status === "incomplete") expire(account, subscription)
  else if (subscription.cancel_at !== null && subscription.cancel_at <= now)
    endSubscription(account, subscription, "cancellation_requested")
  else if (subscription.status === "trialing") endTrial(account, subscription)
  else renewSubscription(account, subscription)
}

function expire(account: Account, subscription: Subscription): void {
  account.change(
    subscription,
    { status: "incomplete_expired", ended_at: account.now() },
    "customer.subscription.updated",
  )
  const invoice = account.store.get("invoice", subscription.latest_invoice)
  if (invoice?.status === "open") closeInvoice(account, invoice, "void")
}
