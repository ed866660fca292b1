import type { Stage } from "../db/schema/billing.ts"

/** What rules, exit conditions and templates may know of a customer and what is billed to them. Times are ISO 8601. */
export interface Facts {
  customer: CustomerFacts
  subscription: SubscriptionFacts | null
  invoice: InvoiceFacts | null
}

export interface CustomerFacts {
  id: string
  stripeId: string | null
  email: string | null
  name: string | null
  country: string | null
  currency: string | null
  locale: string | null
  timeZone: string | null
  tags: string[]
  stage: Stage
  delinquent: boolean
  deleted: boolean
  /** False while only other objects have mentioned the customer and its own record has not been seen. */
  known: boolean
  metadata: Record<string, string>
}

export interface SubscriptionFacts {
  id: string
  /** Whether an item is of a product of ours. */
  relevant: boolean
  status: string
  /** Names of the products, joined; what the customer would call the plan. */
  plan: string
  products: string[]
  prices: string[]
  intervals: string[]
  quantity: number
  currency: string | null
  cancelScheduled: boolean
  cancelAt: string | null
  trialEnd: string | null
  currentPeriodEnd: string | null
  endedAt: string | null
  paused: boolean
  cancellationReason: string | null
  metadata: Record<string, string>
}

export interface InvoiceFacts {
  id: string
  number: string | null
  status: string
  currency: string
  /** Minor units. */
  total: number
  amountDue: number
  amountPaid: number
  amountRemaining: number
  attemptCount: number
  nextPaymentAttempt: string | null
  billingReason: string | null
  hostedInvoiceUrl: string | null
}
