import {
  compareStamps,
  contradict,
  digestOf,
  fromApi,
  isLater,
  type SyncStamp,
  sameMoment,
  syncOrder,
} from "../precedence.ts"
import type { AnySnapshot, SnapshotTable } from "../snapshot.ts"
import { readCoupon, readPrice, readProduct, readTaxId } from "../stripe/catalogue.ts"
import { readCustomer } from "../stripe/customer.ts"
import { readInvoice } from "../stripe/invoice.ts"
import {
  readCharge,
  readDispute,
  readInvoicePayment,
  readPaymentIntent,
  readPaymentMethod,
  readRefund,
} from "../stripe/payments.ts"
import type { Payload } from "../stripe/read.ts"
import { readSubscription } from "../stripe/subscription.ts"
import { stampKey } from "./loadState.ts"
import type { WorkItem } from "./readClaimed.ts"
import { type Look, lastOf } from "./succession.ts"

/** A snapshot with its place in the order of its object's snapshots. */
export interface Candidate {
  snapshot: AnySnapshot
  stamp: SyncStamp
  /** Stripe's customer id. */
  customer: string | null
  eventId: string
  /** Null for what the event shows by the way, and for answers of the API. */
  look: Look | null
}

/** How an object of each table is read from the API. */
export const apiObjects: Record<
  SnapshotTable,
  { path: (id: string) => string; read: (payload: Payload) => AnySnapshot }
> = {
  customers: { path: (id) => `/v1/customers/${encodeURIComponent(id)}`, read: readCustomer },
  products: { path: (id) => `/v1/products/${encodeURIComponent(id)}`, read: readProduct },
  prices: { path: (id) => `/v1/prices/${encodeURIComponent(id)}`, read: readPrice },
  coupons: { path: (id) => `/v1/coupons/${encodeURIComponent(id)}`, read: readCoupon },
  subscriptions: { path: (id) => `/v1/subscriptions/${encodeURIComponent(id)}`, read: readSubscription },
  invoices: { path: (id) => `/v1/invoices/${encodeURIComponent(id)}`, read: readInvoice },
  invoicePayments: { path: (id) => `/v1/invoice_payments/${encodeURIComponent(id)}`, read: readInvoicePayment },
  paymentIntents: { path: (id) => `/v1/payment_intents/${encodeURIComponent(id)}`, read: readPaymentIntent },
  charges: { path: (id) => `/v1/charges/${encodeURIComponent(id)}`, read: readCharge },
  refunds: { path: (id) => `/v1/refunds/${encodeURIComponent(id)}`, read: readRefund },
  disputes: { path: (id) => `/v1/disputes/${encodeURIComponent(id)}`, read: readDispute },
  paymentMethods: { path: (id) => `/v1/payment_methods/${encodeURIComponent(id)}`, read: readPaymentMethod },
  taxIds: { path: (id) => `/v1/tax_ids/${encodeURIComponent(id)}`, read: readTaxId },
}

/** Within a second an object is created, then changed, then deleted. */
const typeRank = (eventType: string) =>
  eventType.endsWith(".deleted") ? 2 : eventType.endsWith(".created") || eventType.endsWith(".attached") ? 0 : 1

const contentOf = (snapshot: AnySnapshot) => (snapshot.items ? [snapshot.row, snapshot.items] : snapshot.row)

export function candidatesOf(item: WorkItem): Candidate[] {
  return item.says.snapshots.map((snapshot) => ({
    snapshot,
    customer: snapshot.owner?.via === "customer" ? snapshot.owner.id : snapshot.owner ? item.customer : null,
    eventId: item.event.id,
    look: snapshot.id === item.event.object.id && !item.foundAt ? item.event : null,
    stamp: {
      settled: snapshot.settled,
      syncedAt: item.foundAt ?? item.event.createdAt,
      syncedOrder: item.foundAt
        ? fromApi
        : syncOrder({ ...snapshot.progress, type: typeRank(item.event.type) }, item.event.id),
      digest: digestOf(contentOf(snapshot)),
    },
  }))
}

export function candidateFromApi(
  table: SnapshotTable,
  retrieved: { object: Payload; at: Date },
  notBefore: Date,
  eventId: string,
): Candidate {
  const snapshot = apiObjects[table].read(retrieved.object)
  return {
    snapshot,
    customer: snapshot.owner?.via === "customer" ? snapshot.owner.id : null,
    eventId,
    look: null,
    stamp: {
      settled: snapshot.settled,
      syncedAt: retrieved.at > notBefore ? retrieved.at : notBefore,
      syncedOrder: fromApi,
      digest: digestOf(contentOf(snapshot)),
    },
  }
}

export interface Contest {
  table: SnapshotTable
  id: string
  /** The latest of the batch. */
  best: Candidate
  /** Whether it is later than the row. */
  wins: boolean
  /** Whether only Stripe can tell which is the latest. */
  contradiction: boolean
  eventIds: Set<string>
}

/** For each object in the batch: which of its snapshots is the latest, and whether that beats the row. */
export function contests(candidates: Candidate[], stamps: Map<string, SyncStamp>): Contest[] {
  const byObject = Map.groupBy(candidates, ({ snapshot }) => stampKey(snapshot.table, snapshot.id))
  return [...byObject].map(([key, rivals]) => {
    const { best, contradicted } = latestOf(rivals)
    const row = stamps.get(key)
    return {
      table: best.snapshot.table,
      id: best.snapshot.id,
      best,
      wins: row === undefined || isLater(best.stamp, row),
      contradiction: contradicted || (row !== undefined && contradict(best.stamp, row)),
      eventIds: new Set(rivals.map(({ eventId }) => eventId)),
    }
  })
}

/** The greatest by stamp; where others of its second contradict it, the one that all of them together lead up to. */
function latestOf(rivals: Candidate[]): { best: Candidate; contradicted: boolean } {
  const best = rivals.reduce((a, b) => (compareStamps(b.stamp, a.stamp) > 0 ? b : a))
  if (!rivals.some(({ stamp }) => contradict(best.stamp, stamp))) return { best, contradicted: false }
  // With those that look like the best: something may have been changed and changed back.
  const tied = rivals.filter(({ stamp }) => stamp === best.stamp || sameMoment(stamp, best.stamp))
  const looks = tied.flatMap((candidate) => (candidate.look ? [{ ...candidate.look, candidate }] : []))
  const last = looks.length === tied.length ? lastOf(looks) : null
  return { best: last?.candidate ?? best, contradicted: last === null }
}
