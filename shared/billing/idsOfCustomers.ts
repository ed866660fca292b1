import { type SQL, sql } from "drizzle-orm"
import { textArray } from "../db/bulk.ts"

/**
 * Of who was merged into another, the other's. `any(<our ids of these customers of Stripe>)`, for `customer_id = …`. An array that is computed first keeps the plan on
 * the index whatever the statistics say; a subquery may be planned as a join over the whole table.
 */
export const idsOfCustomers = (stripeIds: string[]): SQL =>
  sql`any(array(select coalesce(merged_into, id) from customers where stripe_id = any(${textArray(stripeIds)})))`
