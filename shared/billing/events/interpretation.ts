import type { Change, ChangeData } from "../change.ts"
import type { AnySnapshot, Owner } from "../snapshot.ts"
import type { Payload } from "../stripe/read.ts"

/** An event of Stripe as stored, its payload parsed. */
export interface StripeEvent {
  id: string
  type: string
  createdAt: Date
  object: Payload
  /** What the changed fields were before, on `*.updated`. */
  previous: Payload
}

export interface TimelineDraft {
  kind: string
  /** Natural key without the kind; the same for every event that tells the same thing. */
  key: string
  /** Only what every event that tells it agrees on. */
  data: Record<string, unknown>
}

export type ChangeDraft = Pick<Change, "kind" | "subjectId" | "subscriptionId" | "invoiceId"> & {
  /** Natural key without the kind. */
  key: string
  data: ChangeData
}

/** One look of a subscription, kept for stage history and MRR movements. */
export interface SubscriptionState {
  subscriptionId: string
  status: string
  /** Null at its creation. */
  statusBefore: string | null
  cancelScheduled: boolean
  paused: boolean
  items: {
    productId: string | null
    priceId: string | null
    quantity: number | null
    unitAmount: number | null
    currency: string | null
    interval: string | null
    intervalCount: number | null
  }[]
}

/** What one event says, read without looking at anything else. */
export interface Interpretation {
  /** Whose timeline and changes these are. */
  owner: Owner | null
  snapshots: AnySnapshot[]
  timeline: TimelineDraft[]
  changes: ChangeDraft[]
  state: SubscriptionState | null
  /** Products by which the effects are judged against the product filter; null where the event cannot tell. */
  products: string[] | null
  /** The subscription that judges where `products` is null. */
  judgedBy: string | null
  customerDeleted: boolean
  failedInvoice: string | null
  /** Lists that Stripe cut at the first page or left out: where to read them whole. */
  truncated: { field: string; path: string }[]
}

export const nothing: Interpretation = {
  owner: null,
  snapshots: [],
  timeline: [],
  changes: [],
  state: null,
  products: null,
  judgedBy: null,
  customerDeleted: false,
  failedInvoice: null,
  truncated: [],
}

/** Reads events of one type. A text instead says why events of the type have no effect. */
export type Interpret = ((event: StripeEvent) => Interpretation) | string
