import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { textArray } from "../../db/bulk.ts"

export interface ClaimedEvent {
  id: string
  type: string
  createdAt: Date
  receivedAt: Date
  payload: string
  /** This one included. */
  attempts: number
}

/** While somebody is at an event, nobody else takes it up; when they die, the sweep does after this long. */
const leaseMilliseconds = 60_000

/** Takes those of `ids` that wait to be applied, in one statement. */
export async function claimEvents(ctx: Context, ids: string[]): Promise<ClaimedEvent[]> {
  const now = ctx.now()
  const claimed = await ctx.db.execute<{
    id: string
    type: string
    created_at: string
    received_at: string
    payload: string
    attempts: number
  }>(sql`
    update stripe_events
    set attempts = attempts + 1, next_attempt_at = ${new Date(now.getTime() + leaseMilliseconds).toISOString()}
    where id = any(${textArray(ids)}) and status in ('received', 'retrying') and next_attempt_at <= ${now.toISOString()}
    returning id, type, created_at, received_at, payload, attempts`)
  return claimed.rows.map((row) => ({
    id: row.id,
    type: row.type,
    createdAt: new Date(row.created_at),
    receivedAt: new Date(row.received_at),
    payload: row.payload,
    attempts: row.attempts,
  }))
}
