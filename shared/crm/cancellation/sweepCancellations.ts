import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { cancellationRecord } from "../records.ts"
import { cancellationColumns } from "./cancellationColumns.ts"
import { type CancellationVendors, carryOutCancellation, leaseEnd } from "./carryOutCancellation.ts"

const tried = z.object({ attempts: z.int() })

/** Told to Stripe at the same time: each well within its lease. */
const atOnce = 4
const rounds = 5

/** Carries out what is pending and due: Stripe was down, or whoever began it died. Returns what came of how many. */
export async function sweepCancellations(ctx: Context<CancellationVendors>) {
  const counts = { done: 0, pending: 0, failed: 0 }
  for (let round = 0; round < rounds; round++) {
    const claimed = await claim(ctx)
    const outcomes = await Promise.all(
      claimed.map((row) => carryOutCancellation(ctx, cancellationRecord.parse(row), tried.parse(row).attempts)),
    )
    for (const { status } of outcomes) counts[status]++
    if (claimed.length < atOnce) break
  }
  return counts
}

async function claim(ctx: Context<CancellationVendors>) {
  const now = ctx.now()
  const found = await ctx.db.execute(sql`
    update cancellations x set attempts = x.attempts + 1, lease_until = ${leaseEnd(now)}::timestamptz,
      next_attempt_at = ${now.toISOString()}::timestamptz + least(power(2, x.attempts), 60) * interval '1 minute'
    where x.id in (
      select id from cancellations c where status = 'pending' and next_attempt_at <= ${now.toISOString()} and not exists (
        select from cancellations o where o.subscription_id = c.subscription_id and o.lease_until > ${now.toISOString()})
      order by next_attempt_at limit ${atOnce} for update skip locked)
    returning ${cancellationColumns}, x.attempts`)
  return found.rows
}
