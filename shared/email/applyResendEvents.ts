import { sql } from "drizzle-orm"
import { erasedPayload } from "../billing/withoutPersonalData.ts"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { jsonb, textArray } from "../db/bulk.ts"
import { sqlState } from "../db/sqlState.ts"
import { toAppError } from "../errors.ts"
import { parseResendEvent } from "./resendEvent.ts"
import { type StoredEvent, writeResendEvents } from "./writeResendEvents.ts"

const leaseMilliseconds = 60_000

interface Failed {
  id: string
  reason: string
}

/**
 * Moves outbox rows, suppression list and timelines by stored events of Resend: claim, then write, whatever their
 * number. What tells of a received mail is left to shared/support/mail. An event that cannot be read, or that the database refuses, is set aside as failed and holds nobody back.
 */
export async function applyResendEvents(
  ctx: Context,
  input: { ids: string[] },
): Promise<{ applied: number; failed: number }> {
  const now = ctx.now()
  const claimed = await ctx.db.execute<{ svix_id: string; payload: string }>(sql`
    update resend_events set attempts = attempts + 1, next_attempt_at = ${new Date(now.getTime() + leaseMilliseconds).toISOString()}
    where svix_id = any(${textArray(input.ids)}) and type <> 'email.received' and status in ('received', 'retrying') and next_attempt_at <= ${now.toISOString()}
    returning svix_id, payload`)
  const events: StoredEvent[] = []
  const failed: Failed[] = []
  for (const row of claimed.rows)
    try {
      events.push({ svixId: row.svix_id, event: parseResendEvent(JSON.parse(row.payload)) })
    } catch (thrown) {
      failed.push({ id: row.svix_id, reason: toAppError(thrown).message })
    }
  await write(ctx, withTagsOfSiblings(events), failed)
  if (failed.length > 0) {
    ctx.log.error("events of resend set aside", { failed })
    await batch(ctx.db, [
      sql`update resend_events e set settled_at = ${now.toISOString()}, status = 'failed', reason = f.reason,
          payload = case when exists (
            select from email_outbox o join customers c on c.id = o.customer_id where o.id::text = e.outbox_id and c.erased_at is not null)
            then ${erasedPayload} else e.payload end
        from jsonb_to_recordset(${jsonb(failed)}) as f(id text, reason text) where e.svix_id = f.id`,
    ])
  }
  return { applied: claimed.rows.length - failed.length, failed: failed.length }
}

/** An event without our tag is about the same mail as one with it that names the same id. */
function withTagsOfSiblings(events: StoredEvent[]): StoredEvent[] {
  const tags = new Map(events.map(({ event }) => [event.outboxId && event.emailId, event.outboxId]))
  return events.map(({ svixId, event }) => ({
    svixId,
    event: { ...event, outboxId: event.outboxId ?? tags.get(event.emailId) ?? null },
  }))
}

/** What the database refuses is halved until the event at fault is alone. */
async function write(ctx: Context, events: StoredEvent[], failed: Failed[]): Promise<void> {
  const [first] = events
  if (!first) return
  try {
    await batch(ctx.db, writeResendEvents(events, ctx.now()))
  } catch (thrown) {
    // Classes 22 and 23: the data is at fault. Anything else may pass, and the events stay to be applied.
    if (!/^2[23]/.test(sqlState(thrown) ?? "")) throw thrown
    if (events.length === 1) {
      failed.push({ id: first.svixId, reason: toAppError(thrown).message.slice(0, 500) })
      return
    }
    const middle = Math.ceil(events.length / 2)
    await write(ctx, events.slice(0, middle), failed)
    await write(ctx, events.slice(middle), failed)
  }
}
