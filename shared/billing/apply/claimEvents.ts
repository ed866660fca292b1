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

/** With a backlog, a batch takes this many more along: what a batch costs at all is shared by more events. */
const moreFromBacklog = 400

/**
 * Takes those of `ids` that wait to be applied, and with them the oldest others that wait, in one statement. It need not
 * survive a crash of the database, so it does not wait for the disk.
 */
export async function claimEvents(ctx: Context, ids: string[]): Promise<ClaimedEvent[]> {
  const now = ctx.now()
  const due = sql`status in ('received', 'retrying') and next_attempt_at <= ${now.toISOString()}`
  const [, claimed] = await ctx.db.batch([
    ctx.db.execute(sql`set local synchronous_commit = off`),
    ctx.db.execute<{
      id: string
      type: string
      created_at: string
      received_at: string
      payload: string
      attempts: number
    }>(sql`
      update stripe_events
      set attempts = attempts + 1, next_attempt_at = ${new Date(now.getTime() + leaseMilliseconds).toISOString()}
      where id = any(
        array(select id from stripe_events where id = any(${textArray(ids)}) and ${due} for update skip locked)
        || array(select id from stripe_events where ${due} order by next_attempt_at limit ${moreFromBacklog} for update skip locked))
      returning id, type, created_at, received_at, payload, attempts`),
  ])
  return claimed.rows.map((row) => ({
    id: row.id,
    type: row.type,
    createdAt: new Date(row.created_at),
    receivedAt: new Date(row.received_at),
    payload: row.payload,
    attempts: row.attempts,
  }))
}
