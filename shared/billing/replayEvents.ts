import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { textArray } from "../db/bulk.ts"
import { eventRef } from "../webhooks/eventRef.ts"

/**
 * Puts settled events back to work as if they had just come; what they did before is not done twice. Returns the ids
 * that will be applied anew.
 */
export async function replayEvents(ctx: Context<object, "events">, input: { ids: string[] }): Promise<string[]> {
  const now = ctx.now().toISOString()
  const replayed = await ctx.db.execute<{ id: string }>(sql`
    update stripe_events
    set status = 'received', reason = null, attempts = 0, settled_at = null, next_attempt_at = ${now}
    where id = any(${textArray(input.ids)}) and status in ('applied', 'ignored', 'failed', 'retrying')
    returning id`)
  const ids = replayed.rows.map((row) => row.id)
  for (let start = 0; start < ids.length; start += 100)
    await ctx.queues.events.send({ ids: ids.slice(start, start + 100).map((id) => eventRef("stripe", id)) })
  return ids
}

/** Events set aside after their last try, newest first. */
export async function listFailedEvents(ctx: Context, input: { limit: number }) {
  const found = await ctx.db.execute<{
    id: string
    type: string
    received_at: string
    attempts: number
    reason: string
  }>(sql`
    select id, type, received_at, attempts, reason from stripe_events
    where status = 'failed' order by received_at desc limit ${input.limit}`)
  return found.rows
}
