import type {
  charges,
  coupons,
  customers,
  disputes,
  invoicePayments,
  invoices,
  paymentIntents,
  paymentMethods,
  prices,
  products,
  refunds,
  subscriptionItems,
  subscriptions,
  taxIds,
} from "../db/schema/billing.ts"
import type { SyncStamp } from "./precedence.ts"

/** What only we know of a row, or know only once other rows are loaded. */
type FilledIn = keyof SyncStamp | "customerId" | "relevant" | "firstFailedAt"
type OursOfCustomer =
  | "id"
  | "tags"
  | "stage"
  | "stageSince"
  | "stageReviewAt"
  | "timeZone"
  | "discordName"
  | "version"
  | "deletedAt"
  | "erasedAt"
  | "mergedInto"

/** The rows that are a picture of an object of Stripe. */
export interface SnapshotRows {
  customers: Omit<typeof customers.$inferSelect, FilledIn | OursOfCustomer> & { stripeId: string }
  products: Omit<typeof products.$inferSelect, FilledIn>
  prices: Omit<typeof prices.$inferSelect, FilledIn>
  coupons: Omit<typeof coupons.$inferSelect, FilledIn>
  subscriptions: Omit<typeof subscriptions.$inferSelect, FilledIn>
  invoices: Omit<typeof invoices.$inferSelect, FilledIn>
  invoicePayments: Omit<typeof invoicePayments.$inferSelect, FilledIn>
  paymentIntents: Omit<typeof paymentIntents.$inferSelect, FilledIn>
  charges: Omit<typeof charges.$inferSelect, FilledIn>
  refunds: Omit<typeof refunds.$inferSelect, FilledIn>
  disputes: Omit<typeof disputes.$inferSelect, FilledIn>
  paymentMethods: Omit<typeof paymentMethods.$inferSelect, FilledIn>
  taxIds: Omit<typeof taxIds.$inferSelect, FilledIn>
}

export type SnapshotTable = keyof SnapshotRows
export type SubscriptionItemRow = typeof subscriptionItems.$inferSelect

/** One object of Stripe as one event (or one answer of the API) shows it. */
export interface Snapshot<Table extends SnapshotTable = SnapshotTable> {
  table: Table
  /** Stripe's id of the object. */
  id: string
  row: SnapshotRows[Table]
  /** Whose it is. Null: nobody's, as a product, or a payment method once detached. */
  owner: Owner | null
  /** Only of subscriptions. */
  items?: SubscriptionItemRow[]
  /** Ended for good: see precedence.ts. */
  settled: boolean
  progress: { status?: number; attempts?: number }
}

export type AnySnapshot = { [Table in SnapshotTable]: Snapshot<Table> }[SnapshotTable]

/** How a payload says whose it is: the customer itself, or something that belongs to the customer. */
export type Owner = { via: "customer" | "charge" | "paymentIntent" | "invoice"; id: string }

export const ownedBy = (id: string | null, via: Owner["via"] = "customer"): Owner | null => (id ? { via, id } : null)
