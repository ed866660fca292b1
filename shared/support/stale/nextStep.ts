import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import type { Settings } from "../../settings/settings.ts"
import type { TicketRow } from "../carryTicket.ts"

type Times = Pick<Settings["support"], "nudgeHours" | "warnHours" | "closeHours">

/**
 * What time asks for of a ticket: whoever owes the reply is reminded; an opener is warned and the ticket closed, while one
 * that waits for staff is never closed by itself. Hours of 0 are never.
 */
export function nextStep(
  ticket: Pick<
    TicketRow,
    "status" | "source" | "lastMessageAt" | "lastFrom" | "nudgedAt" | "warnedAt" | "removePlaceAt"
  >,
  times: Times,
  now: Date,
): "remind" | "warn" | "close" | "remove" | null {
  if (ticket.status === "closed") return ticket.removePlaceAt && ticket.removePlaceAt <= now ? "remove" : null
  if (ticket.status !== "open") return null
  const silentHours = (now.getTime() - ticket.lastMessageAt.getTime()) / 3_600_000
  const due = (hours: number) => hours > 0 && silentHours >= hours
  const openerOwes = ticket.lastFrom === "staff"
  const inTime = (done: Date | null) => done !== null && done >= ticket.lastMessageAt
  // Never closed without a warning some time before.
  const warnedLongAgo = ticket.warnedAt !== null && now.getTime() - ticket.warnedAt.getTime() >= 3_600_000
  if (openerOwes && due(times.closeHours) && (times.warnHours === 0 || (inTime(ticket.warnedAt) && warnedLongAgo)))
    return "close"
  if (openerOwes && times.closeHours > 0 && due(times.warnHours) && !inTime(ticket.warnedAt)) return "warn"
  // Whoever writes mails is not asked twice: they are warned, once.
  const reminded = openerOwes && ticket.source === "email"
  if (due(times.nudgeHours) && !reminded && !inTime(ticket.nudgedAt) && !inTime(ticket.warnedAt)) return "remind"
  return null
}

/** Ids of tickets of which time asks something; a few more than those, since `nextStep` has the last word. */
export async function selectDueTending(ctx: Context, times: Times, limit: number): Promise<string[]> {
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const silent = (hours: number) =>
    sql`(${hours}::integer > 0 and last_message_at <= ${now} - make_interval(hours => ${hours}::integer))`
  const found = await ctx.db.execute<{ id: string }>(sql`
    (select id from tickets where remove_place_at <= ${now} and coalesce(tend_at, '-infinity') <= ${now} order by remove_place_at limit ${limit})
    union all
    (select id from tickets where status = 'open' and coalesce(tend_at, '-infinity') <= ${now} and (
        (${silent(times.nudgeHours)} and nudged_at is null and warned_at is null and (source = 'discord' or last_from = 'opener'))
        or (last_from = 'staff' and ${times.closeHours}::integer > 0 and ${silent(times.warnHours)} and warned_at is null)
        or (last_from = 'staff' and ${silent(times.closeHours)}))
      order by last_message_at limit ${limit})`)
  return found.rows.map(({ id }) => id)
}
