import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { sameStaff, staffName } from "../listTickets/staffName.ts"
import { type CategoryRow, loadSupport, type SupportSetup } from "../supportSetup.ts"
import { type Period, readPeriod } from "./period.ts"
import { type Measured, type Summary, summarise } from "./summarise.ts"
import { workingClock } from "./workingClock.ts"

export interface TicketFigures {
  period: Period
  hours: SupportSetup["settings"]["supportHours"]
  all: Summary
  byCategory: { id: string; name: string; summary: Summary }[]
  /** By who first answered, for the answers; by who has or closed it, for the rest. */
  byStaff: { id: string; name: string; answers: Summary["firstResponse"]; late: number; work: Summary }[]
  /** There are more tickets in the period than were counted: the figures are of the newest. */
  capped: boolean
}

/** Tickets counted at most. */
const most = 20_000

const row = z.object({
  categoryId: z.string(),
  openedAt: z.coerce.date(),
  firstResponseAt: z.nullable(z.coerce.date()),
  closedAt: z.nullable(z.coerce.date()),
  rating: z.nullable(z.number()),
  firstBy: z.nullable(z.string()),
  firstByName: z.nullable(z.string()),
  workedBy: z.nullable(z.string()),
  workedByName: z.nullable(z.string()),
})
type Row = z.infer<typeof row>

/**
 * How soon tickets that were opened in a period were answered and resolved, in working hours, in two round trips. The first
 * response is the first message of staff that the opener can read. A ticket is late once the working time is used up that
 * its category promises; one that nobody answered, or that is open, counts by the time that has passed. `from` and `until` are days
 * as YYYY-MM-DD, both included, in the time zone of the support hours.
 */
export async function ticketFigures(ctx: Context, input: { from?: string; until?: string }): Promise<TicketFigures> {
  requirePermission(ctx, "tickets:read")
  const setup = await loadSupport(ctx)
  const { supportHours } = setup.settings
  const now = ctx.now()
  const period = readPeriod(input, supportHours.timeZone, now)
  const found = await ctx.db.execute(sql`
    with who as (
      select t.*, coalesce(t.claimed_by, case when t.closed_by like 'staff:%' then t.closed_by end, t.first_response_by) as worked_by
      from tickets t
      where t.opened_at >= ${period.start.toISOString()}::timestamptz and t.opened_at < ${period.end.toISOString()}::timestamptz
      order by t.opened_at desc, t.id desc limit ${most + 1})
    select category_id as "categoryId", opened_at as "openedAt", first_response_at as "firstResponseAt",
      case when status in ('closing', 'closed') then closed_at end as "closedAt", rating,
      ${sameStaff(sql`first_response_by`)} as "firstBy", ${staffName(sql`first_response_by`, sql`null::text`)} as "firstByName",
      ${sameStaff(sql`worked_by`)} as "workedBy",
      ${staffName(sql`worked_by`, sql`case when worked_by = claimed_by then claimed_by_label when worked_by = closed_by then closed_by_label end`)} as "workedByName"
    from who`)
  const rows = found.rows.slice(0, most).map((each) => row.parse(each))
  const minutes = workingClock(supportHours, period.start, now)
  const categories = new Map(setup.categories.map((category) => [category.id, category]))
  const tickets = rows.map((each) => ({
    ...each,
    measured: measure(each, categories.get(each.categoryId), minutes, now),
  }))
  const measuredOf = (some: typeof tickets) => summarise(some.map(({ measured }) => measured))
  const nameOf = new Map(
    rows.flatMap(({ firstBy, firstByName, workedBy, workedByName }) => [
      [firstBy ?? "", firstByName ?? ""] as const,
      [workedBy ?? "", workedByName ?? ""] as const,
    ]),
  )
  return {
    period,
    hours: supportHours,
    all: measuredOf(tickets),
    byCategory: [...Map.groupBy(tickets, ({ categoryId }) => categoryId)]
      .map(([id, some]) => ({ id, name: categories.get(id)?.name ?? id, summary: measuredOf(some) }))
      .toSorted((a, b) => b.summary.tickets - a.summary.tickets || a.name.localeCompare(b.name)),
    byStaff: [...nameOf]
      .filter(([id]) => id !== "")
      .map(([id, name]) => {
        const answered = measuredOf(tickets.filter(({ firstBy }) => firstBy === id))
        const work = measuredOf(tickets.filter(({ workedBy }) => workedBy === id))
        return { id, name, answers: answered.firstResponse, late: answered.lateFirstResponses, work }
      })
      .toSorted((a, b) => b.work.tickets - a.work.tickets || a.name.localeCompare(b.name)),
    capped: found.rows.length > most,
  }
}

function measure(
  { openedAt, firstResponseAt, closedAt, rating }: Row,
  category: CategoryRow | undefined,
  minutes: (from: Date, until: Date) => number,
  now: Date,
): Measured {
  const firstResponse = firstResponseAt && minutes(openedAt, firstResponseAt)
  const resolution = closedAt && minutes(openedAt, closedAt)
  const soFar = resolution ?? minutes(openedAt, now)
  return {
    firstResponse,
    resolution,
    lateFirstResponse: category !== undefined && (firstResponse ?? soFar) >= category.firstResponseMinutes,
    lateResolution: category !== undefined && soFar >= category.resolutionMinutes,
    rating,
  }
}
