import { sql } from "drizzle-orm"
import type { BatchResults } from "../db/batchResults.ts"
import { textArray, uuidArray } from "../db/bulk.ts"
import type { Database } from "../db/client.ts"
import { customers, invoices, products, subscriptionItems, subscriptions } from "../db/schema/billing.ts"
import type { CustomerFacts, InvoiceFacts, SubscriptionFacts } from "./facts.ts"
import { customerFacts, invoiceFacts, subscriptionFacts } from "./factsOf.ts"

export interface FactsById {
  customers: Map<string, CustomerFacts>
  subscriptions: Map<string, SubscriptionFacts>
  invoices: Map<string, InvoiceFacts>
}

/** The queries that bring the facts of these rows, for use inside a `db.batch`; `parseFacts` reads their results. */
export function selectFacts(
  db: Database,
  ids: { customerIds: Iterable<string>; subscriptionIds: Iterable<string>; invoiceIds: Iterable<string> },
) {
  const subscriptionIds = textArray(ids.subscriptionIds)
  return [
    db
      .select()
      .from(customers)
      .where(sql`${customers.id} = any(${uuidArray(ids.customerIds)})`),
    db.select().from(subscriptions).where(sql`${subscriptions.id} = any(${subscriptionIds})`),
    db.select().from(subscriptionItems).where(sql`${subscriptionItems.subscriptionId} = any(${subscriptionIds})`),
    db
      .select({ id: products.id, name: products.name })
      .from(products)
      .where(
        sql`${products.id} in (select product_id from subscription_items where subscription_id = any(${subscriptionIds}))`,
      ),
    db
      .select()
      .from(invoices)
      .where(sql`${invoices.id} = any(${textArray(ids.invoiceIds)})`),
  ] as const
}

type Results = BatchResults<ReturnType<typeof selectFacts>>

export function parseFacts(results: Results): FactsById {
  const [customerRows, subscriptionRows, itemRows, productRows, invoiceRows] = results
  const names = new Map(productRows.map(({ id, name }) => [id, name]))
  const items = Map.groupBy(itemRows, (item) => item.subscriptionId)
  return {
    customers: new Map(customerRows.map((row) => [row.id, customerFacts(row)])),
    subscriptions: new Map(
      subscriptionRows.map((row) => [
        row.id,
        subscriptionFacts(row, items.get(row.id) ?? [], (id) => names.get(id) ?? null),
      ]),
    ),
    invoices: new Map(invoiceRows.map((row) => [row.id, invoiceFacts(row)])),
  }
}
