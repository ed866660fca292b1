import type { ChangeData } from "../billing/change.ts"
import type { CustomerFacts, InvoiceFacts, SubscriptionFacts } from "../billing/facts.ts"
import type { Settings } from "../settings/settings.ts"

/** Everything a template may name. Nothing is ever undefined: what does not apply is null, so `{% if invoice.id %}` tells. */
export interface MailVariables {
  customer: CustomerFacts
  subscription: { [Field in keyof SubscriptionFacts]: SubscriptionFacts[Field] | null }
  invoice: { [Field in keyof InvoiceFacts]: InvoiceFacts[Field] | null }
  change: Record<ChangeField, ChangeData[string]>
  brand: Settings["brand"]
  links: { account: string; pay: string; unsubscribe: string; preferences: string }
}

const changeFields = [
  "amount",
  "attempt",
  "billingReason",
  "cancelAt",
  "category",
  "comment",
  "converted",
  "currency",
  "declineCode",
  "feedback",
  "nextAttemptAt",
  "plan",
  "priority",
  "rating",
  "reason",
  "requiresAction",
  "resumesAt",
  "source",
  "status",
  "trialEnd",
] as const
type ChangeField = (typeof changeFields)[number]

const noSubscription: MailVariables["subscription"] = {
  id: null,
  relevant: null,
  status: null,
  plan: null,
  products: null,
  prices: null,
  intervals: null,
  quantity: null,
  currency: null,
  cancelScheduled: null,
  cancelAt: null,
  trialEnd: null,
  currentPeriodEnd: null,
  endedAt: null,
  paused: null,
  cancellationReason: null,
  metadata: null,
}

const noInvoice: MailVariables["invoice"] = {
  id: null,
  number: null,
  status: null,
  currency: null,
  total: null,
  amountDue: null,
  amountPaid: null,
  amountRemaining: null,
  attemptCount: null,
  nextPaymentAttempt: null,
  billingReason: null,
  hostedInvoiceUrl: null,
}

export function mailVariables(source: {
  customer: CustomerFacts
  subscription: SubscriptionFacts | null
  invoice: InvoiceFacts | null
  change: Record<string, unknown>
  brand: Settings["brand"]
  links: { unsubscribe: string; preferences: string }
}): MailVariables {
  const { customer, subscription, invoice, change, brand, links } = source
  const value = (field: string): ChangeData[string] => {
    const told = Object.hasOwn(change, field) ? change[field] : null
    return typeof told === "string" || typeof told === "number" || typeof told === "boolean" ? told : null
  }
  return {
    customer: { ...customer, name: shownName(customer.name) },
    subscription: subscription ?? noSubscription,
    invoice: invoice ?? noInvoice,
    change: Object.fromEntries(changeFields.map((field) => [field, value(field)])) as MailVariables["change"],
    brand,
    links: { ...links, account: brand.accountUrl, pay: webAddress(invoice?.hostedInvoiceUrl) ?? brand.accountUrl },
  }
}

const longestName = 80

/** On one line. A name that is a link is somebody's advertisement, which mail programs would make clickable. */
function shownName(name: string | null): string | null {
  const line = (name ?? "").replace(/[\p{Cc}\s\u2028\u2029]+/gu, " ").trim()
  return line === "" || /:\/\/|\bwww\./i.test(line) ? null : line.slice(0, longestName).toWellFormed()
}

const webAddress = (url: string | null | undefined): string | null =>
  url && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null
