import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { textArray } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import { mergeRecords } from "./mergeRecords.ts"

const pairs = z.array(z.object({ from: z.uuid(), into: z.uuid() }))

const atOnce = 200

/**
 * Records that Stripe does not know, of people whom it knows by now under the same address: the lead that bought. Of all
 * customers, or of these of Stripe's ids.
 */
export const selectAbsorbedLeads = (stripeIds?: string[]): SQL => sql`
  select distinct on (l.id) l.id as from, c.id as into
  from customers c join customers l on lower(l.email) = lower(c.email)
  where ${stripeIds ? sql`c.stripe_id = any(${textArray(stripeIds)})` : sql`c.stripe_id is not null`}
    and c.deleted_at is null and c.merged_into is null
    and l.stripe_id is null and l.deleted_at is null and l.merged_into is null
  order by l.id, c.created_at, c.id limit ${atOnce}`

/**
 * Makes each of them one with the customer that they became, and returns how many. `found` is what `selectAbsorbedLeads`
 * has brought, if it was asked already. Whom somebody else has merged meanwhile is left.
 */
export async function absorbLeads(ctx: Context, found?: unknown[]): Promise<number> {
  let absorbed = 0
  for (const lead of pairs.parse(found ?? (await ctx.db.execute(selectAbsorbedLeads())).rows)) {
    try {
      await mergeRecords(ctx, lead)
      absorbed++
    } catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === "conflict")) throw thrown
    }
  }
  return absorbed
}
