import { sql } from "drizzle-orm"
import { erasedPayload, expiredPayload } from "../billing/withoutPersonalData.ts"
import type { Context } from "../context.ts"
import { textArray } from "../db/bulk.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requireConfirmation } from "../staff/confirmations.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { eventRef } from "./eventRef.ts"
import { type EventSource, eventTables } from "./listEvents.ts"

/** Failed events that are replayed at most in one go; the rest is another. */
export const replayedAtOnce = 1000

export const replayQuestion = (source: EventSource) => ({ action: "events.replayFailed", about: source })

/**
 * Puts settled events back to work as if they had just come, by id or all that failed (the oldest first); what they did
 * before is not done twice. Returns the ids that will be applied anew.
 */
export async function replayEvents(
  ctx: Context<object, "events">,
  input: { source?: EventSource } & ({ ids: string[] } | { failed: true; confirmation: string | undefined }),
): Promise<string[]> {
  requirePermission(ctx, "events:replay")
  const { source = "stripe" } = input
  if ("failed" in input) await requireConfirmation(ctx, { ...replayQuestion(source), confirmation: input.confirmation })
  const { table, id } = eventTables[source]
  const now = ctx.now().toISOString()
  const chosen =
    "ids" in input
      ? sql`${textArray(input.ids)}`
      : sql`array(select ${id} from ${table} where status = 'failed' order by received_at limit ${replayedAtOnce})`
  const subject = "ids" in input && input.ids.length === 1 ? (input.ids[0] ?? "") : "several"
  const [, replayed] = await ctx.db.batch([
    ctx.db.execute(
      auditEntry(ctx, {
        action: "events.replayed",
        subject: { type: `${source}_event`, id: subject },
        after: "ids" in input ? { ids: input.ids } : { ids: "all failed" },
      }),
    ),
    ctx.db.execute<{ id: string }>(sql`
      update ${table}
      set status = 'received', reason = null, attempts = 0, settled_at = null, next_attempt_at = ${now}
      where ${id} = any(${chosen}) and payload not in (${erasedPayload}, ${expiredPayload}) and status in ('applied', 'ignored', 'failed', 'retrying')
      returning ${id} as id`),
  ])
  const ids = replayed.rows.map((row) => row.id)
  try {
    for (let start = 0; start < ids.length; start += 100)
      await ctx.queues.events.send({ ids: ids.slice(start, start + 100).map((each) => eventRef(source, each)) })
  } catch (error) {
    ctx.log.warn("queue down; the sweep will apply them", { ids: ids.length, error: String(error) })
  }
  return ids
}
