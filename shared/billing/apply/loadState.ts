import { type SQL, sql } from "drizzle-orm"
import { parseAutomation, selectAutomation } from "../../automation/loadAutomation.ts"
import type { Context } from "../../context.ts"
import { textArray } from "../../db/bulk.ts"
import {
  customers,
  invoices,
  products,
  subscriptionItems,
  subscriptionStates,
  subscriptions,
} from "../../db/schema/billing.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import type { Settings } from "../../settings/settings.ts"
import { idsOfCustomers } from "../idsOfCustomers.ts"
import type { SyncStamp } from "../precedence.ts"
import type { SnapshotTable } from "../snapshot.ts"
import type { WorkItem } from "./readClaimed.ts"
import { invoiceOfIntents, type Payment, paymentsOf } from "./relevance.ts"

export type CustomerRow = typeof customers.$inferSelect
export type SubscriptionRow = typeof subscriptions.$inferSelect
export type SubscriptionItem = typeof subscriptionItems.$inferSelect
export type InvoiceRow = typeof invoices.$inferSelect
export type ProductRow = typeof products.$inferSelect
export type StateRow = typeof subscriptionStates.$inferSelect

/** What the database holds of everything that a batch touches. */
export interface LoadedState {
  settings: Settings
  automation: ReturnType<typeof parseAutomation>
  /** By Stripe's customer id. */
  customers: Map<string, CustomerRow>
  subscriptions: Map<string, SubscriptionRow>
  /** By subscription id. */
  items: Map<string, SubscriptionItem[]>
  invoices: Map<string, InvoiceRow>
  products: Map<string, ProductRow>
  /** By our customer id. */
  states: Map<string, StateRow[]>
  /** Failed attempts to pay an invoice, by invoice id. */
  failures: Map<string, PaymentFailure>
  /** Whether it is about one of our products, by id of an invoice, or of a payment intent or charge that paid one. */
  paidFor: Map<string, boolean>
  /** How new each row is, by `<table>:<id>`. */
  stamps: Map<string, SyncStamp>
}

export interface PaymentFailure {
  declineCode: string | null
  failureCode: string | null
  requiresAction: boolean
}

export const stampKey = (table: SnapshotTable, id: string) => `${table}:${id}`

const stampOnlyTables = {
  prices: "prices",
  coupons: "coupons",
  invoicePayments: "invoice_payments",
  paymentIntents: "payment_intents",
  charges: "charges",
  refunds: "refunds",
  disputes: "disputes",
  paymentMethods: "payment_methods",
  taxIds: "tax_ids",
} as const satisfies Partial<Record<SnapshotTable, string>>

/** One `db.batch`: as many statements whatever the number of events. */
export async function loadState(ctx: Context, items: WorkItem[]): Promise<LoadedState> {
  const { db } = ctx
  const customerStripeIds = [...new Set(items.flatMap((item) => item.customer ?? []))]
  const touched = idsOfCustomers(customerStripeIds)
  const subscriptionIds = textArray(new Set(items.flatMap(({ says }) => says.judgedBy ?? [])))
  const invoiceIds = textArray(idsIn(items, "invoices"))
  const productIds = textArray(productIdsOf(items))
  const failedInvoices = textArray(new Set(items.flatMap(({ says }) => says.failedInvoice ?? [])))

  const [
    settingRows,
    customerRows,
    subscriptionRows,
    itemRows,
    invoiceRows,
    productRows,
    stateRows,
    failureRows,
    stampRows,
    paidForRows,
    ...automationRows
  ] = await db.batch([
    selectSettings(db),
    db
      .select()
      .from(customers)
      .where(
        sql`${customers.stripeId} = any(${textArray(customerStripeIds)}) or ${customers.id} = any(array(
          select merged_into from customers where stripe_id = any(${textArray(customerStripeIds)}) and merged_into is not null))`,
      ),
    db
      .select()
      .from(subscriptions)
      .where(sql`${subscriptions.customerId} = ${touched} or ${subscriptions.id} = any(${subscriptionIds})`),
    db
      .select()
      .from(subscriptionItems)
      .where(
        sql`${subscriptionItems.subscriptionId} = any(array(select id from subscriptions where customer_id = ${touched} or id = any(${subscriptionIds})))`,
      ),
    db
      .select()
      .from(invoices)
      .where(
        sql`${invoices.id} = any(${invoiceIds}) or ${invoices.id} = any(array(select invoice_id from enrolments where status = 'active' and customer_id = ${touched}))`,
      ),
    db
      .select()
      .from(products)
      .where(
        sql`${products.id} = any(${productIds}) or ${products.id} = any(array(
            select product_id from subscription_items where subscription_id = any(array(select id from subscriptions where customer_id = ${touched}))))`,
      ),
    db.select().from(subscriptionStates).where(sql`${subscriptionStates.customerId} = ${touched}`),
    db.execute<{ invoice: string; decline_code: string | null; failure_code: string | null; status: string }>(
      selectFailures(failedInvoices),
    ),
    db.execute<{ key: string; settled: boolean; synced_at: string; synced_order: string; digest: string }>(
      selectStamps(items),
    ),
    db.execute<{ key: string; relevant: boolean }>(selectPaidFor(items)),
    ...selectAutomation(db, touched),
  ])

  const stamps = new Map<string, SyncStamp>()
  for (const row of stampRows.rows)
    stamps.set(row.key, {
      settled: row.settled,
      syncedAt: new Date(row.synced_at),
      syncedOrder: row.synced_order,
      digest: row.digest,
    })
  for (const row of customerRows) if (row.stripeId) stamps.set(stampKey("customers", row.stripeId), row)
  for (const row of subscriptionRows) stamps.set(stampKey("subscriptions", row.id), row)
  for (const row of invoiceRows) stamps.set(stampKey("invoices", row.id), row)
  for (const row of productRows) stamps.set(stampKey("products", row.id), row)

  return {
    settings: parseSettings(settingRows),
    automation: parseAutomation(automationRows),
    customers: new Map(customerRows.flatMap((row) => (row.stripeId ? [[row.stripeId, row] as const] : []))),
    subscriptions: new Map(subscriptionRows.map((row) => [row.id, row])),
    items: Map.groupBy(itemRows, (row) => row.subscriptionId),
    invoices: new Map(invoiceRows.map((row) => [row.id, row])),
    products: new Map(productRows.map((row) => [row.id, row])),
    states: Map.groupBy(stateRows, (row) => row.customerId),
    failures: new Map(
      failureRows.rows.map((row) => [
        row.invoice,
        {
          declineCode: row.decline_code,
          failureCode: row.failure_code,
          requiresAction: row.status === "requires_action" || row.decline_code === "authentication_required",
        },
      ]),
    ),
    paidFor: new Map(paidForRows.rows.map((row) => [row.key, row.relevant])),
    stamps,
  }
}

const idsIn = (items: WorkItem[], table: SnapshotTable): Set<string> =>
  new Set(
    items.flatMap(({ says }) => says.snapshots.filter((snapshot) => snapshot.table === table).map(({ id }) => id)),
  )

export const productIdsOf = (items: WorkItem[]): Set<string> =>
  new Set([...items.flatMap(({ says }) => says.products ?? []), ...idsIn(items, "products")])

function selectStamps(items: WorkItem[]): SQL {
  return sql.join(
    Object.entries(stampOnlyTables).map(
      ([table, name]) =>
        sql`select ${`${table}:`} || id as key, settled, synced_at, synced_order, digest from ${sql.identifier(name)} where id = any(${textArray(idsIn(items, table as SnapshotTable))})`,
    ),
    sql` union all `,
  )
}

/** The latest failed attempt to pay each invoice, linked by the charge itself or by its invoice payment. */
const selectFailures = (failedInvoices: SQL): SQL => sql`
  select distinct on (invoice) invoice, decline_code, failure_code, status from (
    select p.invoice_id as invoice, i.decline_code, i.failure_code, i.status, i.synced_at
      from invoice_payments p join payment_intents i on i.id = p.payment_intent_id where p.invoice_id = any(${failedInvoices})
    union all
    select invoice_id, decline_code, failure_code, status, synced_at from payment_intents where invoice_id = any(${failedInvoices})
    union all
    select invoice_id, decline_code, failure_code, status, synced_at from charges
      where invoice_id = any(${failedInvoices}) and status = 'failed'
  ) attempts order by invoice, synced_at desc`

function selectPaidFor(items: WorkItem[]): SQL {
  const payments = items.flatMap(paymentsOf)
  const ids = (named: keyof Payment) => textArray(new Set(payments.flatMap((payment) => payment[named] ?? [])))
  const invoiceIds = [...payments.flatMap(({ invoiceId }) => invoiceId ?? []), ...invoiceOfIntents(items).values()]
  return sql`
    select id as key, relevant from invoices where id = any(${textArray(new Set(invoiceIds))})
    union all
    select p.payment_intent_id, i.relevant from invoice_payments p join invoices i on i.id = p.invoice_id
      where p.payment_intent_id = any(${ids("paymentIntentId")})
    union all
    select ch.id, i.relevant from charges ch
      left join lateral (
        select p.invoice_id from invoice_payments p where p.payment_intent_id = ch.payment_intent_id limit 1) p on true
      join invoices i on i.id = coalesce(ch.invoice_id, p.invoice_id)
      where ch.id = any(${ids("chargeId")})`
}
