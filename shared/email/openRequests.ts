import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { FrozenMessage } from "../db/schema/email.ts"
import { type FrozenRequest, requestLeaseMilliseconds } from "./freezeEmails.ts"

/** Resend keeps a key for 24 hours; past this, sending again could be sending twice. */
export const keyLifeMilliseconds = 23 * 3_600_000

/** Takes over requests whose outcome nobody recorded, oldest first, to be sent again as they stand. */
export async function claimOpenRequests(ctx: Context, limit: number): Promise<FrozenRequest[]> {
  const now = ctx.now()
  const claimed = await ctx.db.execute<{
    id: string
    first_attempt_at: string
    email_id: string
    message: FrozenMessage
  }>(sql`
    with claimed as (
      update email_requests set lease_until = ${new Date(now.getTime() + requestLeaseMilliseconds).toISOString()}, attempts = attempts + 1
      where id in (
        select id from email_requests where status = 'open' and lease_until <= ${now.toISOString()}
        order by lease_until limit ${limit} for update skip locked)
      returning id, first_attempt_at)
    select c.id, c.first_attempt_at, o.id as email_id, o.message
    from claimed c join email_outbox o on o.request_id = c.id
    order by c.first_attempt_at, c.id, o.request_index`)
  return [...Map.groupBy(claimed.rows, (row) => row.id)].map(([id, rows]) => ({
    id,
    firstAttemptAt: new Date(rows[0]?.first_attempt_at ?? now),
    emails: rows.map((row) => ({ id: row.email_id, message: row.message })),
  }))
}
