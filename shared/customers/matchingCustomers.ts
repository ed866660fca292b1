import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { type CustomerFilter, customerConditions } from "./customerFilter.ts"
import { segmentConditions } from "./segmentConditions.ts"

/** What exports and mass actions concern: exactly what the list shows, page by page. */
export async function matchingCustomers(ctx: Context, filter: CustomerFilter): Promise<SQL[]> {
  const conditions = [...customerConditions(filter), ...(await segmentConditions(ctx, filter))]
  // The list by MRR is of those who pay in its currency.
  if (filter.sort === "-mrr")
    conditions.push(sql`c.id in (select customer_id from customer_mrr where currency = ${filter.currency || "eur"})`)
  return conditions
}
