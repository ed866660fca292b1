import type { CustomerFacts, InvoiceFacts, SubscriptionFacts } from "../billing/facts.ts"

/** `texts` is a list of texts; `map` has a text under each key, named as one more part of the path. */
export type FieldType = "text" | "number" | "flag" | "texts" | "map"

const customer: Record<keyof CustomerFacts, FieldType> = {
  id: "text",
  stripeId: "text",
  email: "text",
  name: "text",
  country: "text",
  currency: "text",
  locale: "text",
  timeZone: "text",
  tags: "texts",
  stage: "text",
  delinquent: "flag",
  deleted: "flag",
  known: "flag",
  metadata: "map",
}

const subscription: Record<keyof SubscriptionFacts, FieldType> = {
  id: "text",
  relevant: "flag",
  status: "text",
  plan: "text",
  products: "texts",
  prices: "texts",
  intervals: "texts",
  quantity: "number",
  currency: "text",
  cancelScheduled: "flag",
  cancelAt: "text",
  trialEnd: "text",
  currentPeriodEnd: "text",
  endedAt: "text",
  paused: "flag",
  cancellationReason: "text",
  metadata: "map",
}

const invoice: Record<keyof InvoiceFacts, FieldType> = {
  id: "text",
  number: "text",
  status: "text",
  currency: "text",
  total: "number",
  amountDue: "number",
  amountPaid: "number",
  amountRemaining: "number",
  attemptCount: "number",
  nextPaymentAttempt: "text",
  billingReason: "text",
  hostedInvoiceUrl: "text",
}

/** Which of them a change has depends on its kind; docs/automation.md lists them. */
const change = {
  kind: "text",
  category: "text",
  priority: "text",
  rating: "number",
  amount: "number",
  attempt: "number",
  billingReason: "text",
  cancelAt: "text",
  comment: "text",
  converted: "flag",
  currency: "text",
  declineCode: "text",
  feedback: "text",
  nextAttemptAt: "text",
  plan: "text",
  reason: "text",
  requiresAction: "flag",
  resumesAt: "text",
  source: "text",
  status: "text",
  trialEnd: "text",
} satisfies Record<string, FieldType>

/** Everything that a condition may name. */
export const conditionFields: Record<string, Record<string, FieldType>> = { customer, subscription, invoice, change }

/** The type of what a path leads to, null where it leads nowhere. */
export function fieldType(path: string): FieldType | null {
  const [root = "", name = "", ...rest] = path.split(".")
  const fields = Object.hasOwn(conditionFields, root) ? conditionFields[root] : undefined
  const type = fields && Object.hasOwn(fields, name) ? fields[name] : undefined
  if (type === "map") return rest.length === 1 ? "text" : null
  return type !== undefined && rest.length === 0 ? type : null
}
