import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { FrozenMessage } from "../db/schema/email.ts"

/** A request that is written down and waits to be sent, or to be sent again. */
export interface FrozenRequest {
  /** Also its Idempotency-Key. */
  id: string
  /** In the order in which Resend gets them. */
  emails: { id: string; message: FrozenMessage }[]
  /** How often somebody set out to send it. */
  attempts: number
  firstAttemptAt: Date
}

/** A request that nobody finished is taken over after this long; sending it takes less. */
export const requestLeaseMilliseconds = 120_000

/** Resend keeps a key for 24 hours; past this, sending again could be sending twice. */
export const keyLifeMilliseconds = 23 * 3_600_000

/** Takes over the request whose outcome has been open for longest, to be sent again as it stands; null if there is none. */
export async function claimOpenRequest(ctx: Context): Promise<FrozenRequest | null> {
  const now = ctx.now()
  const claimed = await ctx.db.execute<{
    id: string
    attempts: number
    first_attempt_at: string
    email_id: string
    message: FrozenMessage
  }>(sql`
    with claimed as (
      update email_requests set lease_until = ${new Date(now.getTime() + requestLeaseMilliseconds).toISOString()}, attempts = attempts + 1
      where id = (
        select id from email_requests where status = 'open' and lease_until <= ${now.toISOString()}
        order by lease_until limit 1 for update skip locked)
      returning id, attempts, first_attempt_at)
    select c.id, c.attempts, c.first_attempt_at, o.id as email_id, o.message
    from claimed c join email_outbox o on o.request_id = c.id
    order by o.request_index`)
  const [first] = claimed.rows
  if (!first) return null
  return {
    id: first.id,
    attempts: first.attempts,
    firstAttemptAt: new Date(first.first_attempt_at),
    emails: claimed.rows.map((row) => ({ id: row.email_id, message: row.message })),
  }
}
