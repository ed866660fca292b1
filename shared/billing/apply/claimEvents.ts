import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { jsonb, textArray } from "../../db/bulk.ts"

export interface ClaimedEvent {
  id: string
  type: string
  createdAt: Date
  receivedAt: Date
  payload: string
  /** This one included. */
  attempts: number
  /** Nobody who took it up came to an end with it, as it seems: none of the attempts was written down. */
  unsettled: boolean
}

/** While somebody is at an event, nobody else takes it up; when they die, the sweep does after this long. */
const leaseMilliseconds = 60_000

/** With a backlog, a batch takes this many more along: what a batch costs at all is shared by more events. */
const moreFromBacklog = 1_300

/** Bytes of payloads that a batch takes at most, so that it fits a Worker's memory several times over. */
const bytesOfBatch = 12 * 1024 * 1024

/** A share of the events such that all of one customer fall into the same. */
export interface Lane {
  index: number
  of: number
}

/**
 * Takes those of `ids` that wait to be applied, and with them the oldest others that wait (of one lane, if told), in one
 * statement. It need not survive a crash of the database, so it does not wait for the disk. `more` tells whether others
 * may be left.
 */
export async function claimEvents(
  ctx: Context,
  input: { ids: string[]; lane?: Lane },
): Promise<{ claimed: ClaimedEvent[]; more: boolean }> {
  const { ids, lane } = input
  const now = ctx.now()
  const due = sql`status in ('received', 'retrying') and next_attempt_at <= ${now.toISOString()}`
  const inLane = lane
    ? sql`and abs(hashtext(coalesce(stripe_customer_id, id)) % ${lane.of}::integer) = ${lane.index}::integer`
    : sql``
  const columns = sql`id, next_attempt_at, octet_length(payload) as bytes`
  const answer = await ctx.db.execute<{
    id: string
    type: string
    created_at: string
    received_at: string
    payload: string
    attempts: number
    status: string
  }>(sql`
    with relaxed as (
      select set_config('synchronous_commit', 'off', true) as value
    ), asked as (
      select ${columns} from stripe_events where id = any(${textArray(ids)}) and ${due} for update skip locked
    ), backlog as (
      select ${columns} from stripe_events where ${due} ${inLane} and not (id = any(${textArray(ids)}))
      order by next_attempt_at limit ${moreFromBacklog} for update skip locked
    ), sized as (
      select id, sum(bytes) over (order by rank, next_attempt_at, id) - bytes as bytes_before
      from (select 0 as rank, * from asked union all select 1, * from backlog) as found
    )
    update stripe_events
    set attempts = attempts + 1, next_attempt_at = ${new Date(now.getTime() + leaseMilliseconds).toISOString()}
    where id = any(array(select id from sized where bytes_before < ${bytesOfBatch}))
      and (select value from relaxed) is not null
    returning id, type, created_at, received_at, payload, attempts, status`)
  const claimed = answer.rows.map((row) => ({
    id: row.id,
    type: row.type,
    createdAt: new Date(row.created_at),
    receivedAt: new Date(row.received_at),
    payload: row.payload,
    attempts: row.attempts,
    unsettled: row.status === "received",
  }))
  const characters = claimed.reduce((sum, { payload }) => sum + payload.length, 0)
  // A character has three bytes at most in UTF-8, or four where it counts as two.
  return { claimed, more: claimed.length >= moreFromBacklog || characters * 3 >= bytesOfBatch }
}

/** Those that nobody else has taken up since: a lease may run out over a slow batch. */
export async function stillClaimed(ctx: Context, claimed: ClaimedEvent[]): Promise<ClaimedEvent[]> {
  const mine = claimed.map(({ id, attempts }) => ({ id, attempts }))
  const found = await ctx.db.execute<{ id: string }>(sql`
    select e.id from stripe_events e join jsonb_to_recordset(${jsonb(mine)}) as r(id text, attempts integer)
      on r.id = e.id and r.attempts = e.attempts
    where e.status in ('received', 'retrying')`)
  const ids = new Set(found.rows.map((row) => row.id))
  return claimed.filter(({ id }) => ids.has(id))
}
