import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { isInstant } from "../db/isInstant.ts"
import { type EventStatus, eventStatuses } from "../db/schema/webhooks.ts"
import { requirePermission } from "../staff/requirePermission.ts"

export const eventSources = ["stripe", "resend"] as const
export type EventSource = (typeof eventSources)[number]

/** Filters as they stand in an address; what does not fit is as if it were not there. */
export const eventFilter = z.object({
  source: z._default(z.catch(z.enum(eventSources), "stripe"), "stripe"),
  status: z.optional(z.catch(z.enum(["", ...eventStatuses]), "")),
  /** How the type begins, as `invoice.` */
  type: z.optional(z.catch(z.string().check(z.trim(), z.maxLength(100)), "")),
})
export type EventFilter = z.infer<typeof eventFilter>

export interface ListedEvent {
  id: string
  type: string
  status: EventStatus
  reason: string | null
  attempts: number
  receivedAt: Date
}

const pageSize = 50
const cursorShape = z.tuple([z.string().check(z.maxLength(40)), z.string().check(z.maxLength(255))])

/** Each source's table and its key. */
export const eventTables: Record<EventSource, { table: SQL; id: SQL }> = {
  stripe: { table: sql`stripe_events`, id: sql`id` },
  resend: { table: sql`resend_events`, id: sql`svix_id` },
}

/** One page of received webhooks, newest first. */
export async function listEvents(
  ctx: Context,
  input: { filter: EventFilter; after?: string },
): Promise<{ events: ListedEvent[]; next: string | null }> {
  requirePermission(ctx, "events:read")
  const { source, status, type } = input.filter
  const { table, id } = eventTables[source]
  const conditions: SQL[] = [sql`true`]
  if (status) conditions.push(sql`status = ${status}`)
  if (type) conditions.push(sql`starts_with(type, ${type})`)
  const cursor = readCursor(input.after)
  if (cursor) conditions.push(sql`(received_at, ${id}) < (${cursor[0]}::timestamptz, ${cursor[1]})`)
  const found = await ctx.db.execute<{
    id: string
    type: string
    status: EventStatus
    reason: string | null
    attempts: number
    received_at: string
  }>(sql`
    select ${id} as id, type, status, reason, attempts, received_at::text from ${table}
    where ${sql.join(conditions, sql` and `)} order by received_at desc, ${id} desc limit ${pageSize + 1}`)
  const shown = found.rows.slice(0, pageSize)
  const last = shown.at(-1)
  return {
    events: shown.map(({ received_at, ...row }) => ({ ...row, receivedAt: new Date(received_at) })),
    next: found.rows.length > pageSize && last ? JSON.stringify([last.received_at, last.id]) : null,
  }
}

function readCursor(after: string | undefined): [string, string] | null {
  if (!after) return null
  try {
    const [at, id] = cursorShape.parse(JSON.parse(after))
    return isInstant(at) ? [at, id] : null
  } catch {
    return null
  }
}
