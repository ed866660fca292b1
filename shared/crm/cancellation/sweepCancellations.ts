import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { cancellationRecord } from "../records.ts"
import { cancellationColumns } from "./cancellationColumns.ts"
import { type CancellationVendors, carryOutCancellation } from "./carryOutCancellation.ts"

const tried = z.object({ attempts: z.int() })

/** Carries out what is pending and due: Stripe was down, or whoever began it died. Returns what came of how many. */
export async function sweepCancellations(ctx: Context<CancellationVendors>) {
  const now = ctx.now()
  const found = await ctx.db.execute(sql`
    update cancellations x set attempts = x.attempts + 1,
      next_attempt_at = ${now.toISOString()}::timestamptz + least(power(2, x.attempts), 60) * interval '1 minute'
    where x.id in (
      select id from cancellations where status = 'pending' and next_attempt_at <= ${now.toISOString()}
      order by next_attempt_at limit 20 for update skip locked)
    returning ${cancellationColumns}, x.attempts`)
  const counts = { done: 0, pending: 0, failed: 0 }
  for (const row of found.rows) {
    const { status } = await carryOutCancellation(ctx, cancellationRecord.parse(row), tried.parse(row).attempts)
    counts[status]++
  }
  return counts
}
