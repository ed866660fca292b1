import type { ListQuery } from "../../vendors/stripeLists.ts"
import type { SnapshotTable } from "../snapshot.ts"

/** What a sync lists of Stripe. */
export interface SyncKind {
  table: SnapshotTable & ("customers" | "subscriptions" | "products" | "prices" | "coupons" | "invoices")
  path: string
  query: Pick<ListQuery, "status" | "expand">
  /** Whether there is so much of it that the time axis is divided, for several to list it at the same time. */
  divided: boolean
  /** As an event names it: `customer.subscription`. */
  eventPrefix: string
}

const few = { query: {}, divided: false }

export const syncKinds = {
  products: { ...few, table: "products", path: "/v1/products", eventPrefix: "product" },
  prices: { ...few, table: "prices", path: "/v1/prices", eventPrefix: "price" },
  coupons: { ...few, table: "coupons", path: "/v1/coupons", eventPrefix: "coupon" },
  customers: { ...few, table: "customers", path: "/v1/customers", eventPrefix: "customer", divided: true },
  subscriptions: {
    table: "subscriptions",
    path: "/v1/subscriptions",
    query: { status: "all", expand: ["data.discounts"] },
    divided: true,
    eventPrefix: "customer.subscription",
  },
  invoices: {
    table: "invoices",
    path: "/v1/invoices",
    query: { status: "open" },
    divided: false,
    eventPrefix: "invoice",
  },
} as const satisfies Record<string, SyncKind>

export const syncKind = (name: string): SyncKind | undefined =>
  Object.entries(syncKinds).find(([kind]) => kind === name)?.[1]
