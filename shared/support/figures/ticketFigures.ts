import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
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

/** Moments are milliseconds since 1970. */
const row = z.object({
  categoryId: z.string(),
  openedAt: z.number(),
  firstResponseAt: z.nullable(z.number()),
  closedAt: z.nullable(z.number()),
  rating: z.nullable(z.number()),
  firstBy: z.nullable(z.string()),
  workedBy: z.nullable(z.string()),
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
  const [found, people] = await batch(ctx.db, [
    sql`select category_id as "categoryId", ${epoch(sql`opened_at`)} as "openedAt",
        ${epoch(sql`first_response_at`)} as "firstResponseAt",
        ${epoch(sql`case when status in ('closing', 'closed') then closed_at end`)} as "closedAt",
        rating, first_response_by as "firstBy", ${workedBy} as "workedBy"
      from ${ofPeriod(period)}`,
    // Who they are: staff by either of their names, others by what they were called in a ticket.
    sql`with acted as (
        select distinct on (actor) actor, label, ticket_id from (
          select first_response_by as actor, null as label, id as ticket_id from ${ofPeriod(period)}
          union all select ${workedBy}, case ${workedBy} when t.claimed_by then claimed_by_label when t.closed_by then closed_by_label end, id from ${ofPeriod(period)}) as each
        where actor is not null order by actor, label nulls last)
      select actor, ${sameStaff(sql`actor`)} as id, ${staffName(
        sql`actor`,
        sql`coalesce(label, (select author_name from ticket_messages m
          where m.ticket_id = acted.ticket_id and 'discord:' || m.author_id = actor limit 1))`,
      )} as name from acted`,
  ])
  const rows = (found?.rows ?? []).slice(0, most).map((each) => row.parse(each))
  const persons = new Map(
    (people?.rows ?? []).map(({ actor, id, name }) => [String(actor), { id: String(id), name: String(name) }]),
  )
  const personOf = (actor: string | null) => (actor === null ? undefined : persons.get(actor)?.id)
  const minutes = workingClock(supportHours, period.start, now)
  const categories = new Map(setup.categories.map((category) => [category.id, category]))
  const tickets = rows.map((each) => ({
    categoryId: each.categoryId,
    firstBy: personOf(each.firstBy),
    workedBy: personOf(each.workedBy),
    measured: measure(each, categories.get(each.categoryId), minutes, now.getTime()),
  }))
  const measuredOf = (some: typeof tickets = []) => summarise(some.map(({ measured }) => measured))
  const answered = Map.groupBy(tickets, ({ firstBy }) => firstBy)
  const worked = Map.groupBy(tickets, (ticket) => ticket.workedBy)
  const nameOf = new Map([...persons.values()].map(({ id, name }) => [id, name]))
  return {
    period,
    hours: supportHours,
    all: measuredOf(tickets),
    byCategory: [...Map.groupBy(tickets, ({ categoryId }) => categoryId)]
      .map(([id, some]) => ({ id, name: categories.get(id)?.name ?? id, summary: measuredOf(some) }))
      .toSorted((a, b) => b.summary.tickets - a.summary.tickets || a.name.localeCompare(b.name)),
    byStaff: [...nameOf]
      .map(([id, name]) => {
        const { firstResponse, lateFirstResponses } = measuredOf(answered.get(id))
        return { id, name, answers: firstResponse, late: lateFirstResponses, work: measuredOf(worked.get(id)) }
      })
      .toSorted((a, b) => b.work.tickets - a.work.tickets || a.name.localeCompare(b.name)),
    capped: (found?.rows.length ?? 0) > most,
  }
}

const epoch = (at: SQL): SQL => sql`(extract(epoch from ${at}) * 1000)::float8`

/** Who has a ticket, else who of the staff closed it, else who answered it first. */
const workedBy = sql`coalesce(t.claimed_by,
  case when t.closed_by like any('{staff:%,discord:%}') and t.closed_by is distinct from 'discord:' || t.opener_id then t.closed_by end,
  t.first_response_by)`

const ofPeriod = ({ start, end }: Period): SQL => sql`(
  select * from tickets where opened_at >= ${start.toISOString()}::timestamptz and opened_at < ${end.toISOString()}::timestamptz and merged_into is null
  order by opened_at desc, id desc limit ${most + 1}) as t`

function measure(
  { openedAt, firstResponseAt, closedAt, rating }: Row,
  category: CategoryRow | undefined,
  minutes: (from: number, until: number) => number,
  now: number,
): Measured {
  const firstResponse = firstResponseAt === null ? null : minutes(openedAt, firstResponseAt)
  const resolution = closedAt === null ? null : minutes(openedAt, closedAt)
  const soFar = resolution ?? minutes(openedAt, now)
  return {
    firstResponse,
    resolution,
    lateFirstResponse: category !== undefined && (firstResponse ?? soFar) >= category.firstResponseMinutes,
    lateResolution: category !== undefined && soFar >= category.resolutionMinutes,
    rating,
  }
}
