import { type SQL, sql } from "drizzle-orm"
import { jsonb } from "../../db/bulk.ts"
import { workingMinutesAgo } from "../figures/workingMinutesAgo.ts"
import type { SupportSetup } from "../supportSetup.ts"

/** Tickets of a category that were opened then or before and are not answered, or not resolved, are overdue. */
export interface LateLimit {
  id: string
  firstResponse: Date | null
  resolution: Date | null
}

export const lateLimits = ({ settings, categories }: SupportSetup, now: Date): LateLimit[] =>
  categories.map(({ id, firstResponseMinutes, resolutionMinutes }) => ({
    id,
    firstResponse: workingMinutesAgo(firstResponseMinutes, now, settings.supportHours),
    resolution: workingMinutesAgo(resolutionMinutes, now, settings.supportHours),
  }))

export type Lateness = "first response" | "resolution"

/** What of an open ticket is overdue; the resolution where both are. */
export function latenessOf(
  ticket: { status: string; categoryId: string; openedAt: Date; firstResponseAt: Date | null },
  limits: LateLimit[],
): Lateness | null {
  const limit = limits.find(({ id }) => id === ticket.categoryId)
  if (!limit || (ticket.status !== "opening" && ticket.status !== "open")) return null
  const before = (moment: Date | null) => moment !== null && ticket.openedAt <= moment
  if (before(limit.resolution)) return "resolution"
  return ticket.firstResponseAt === null && before(limit.firstResponse) ? "first response" : null
}

/** The same of `tickets t`, as a condition. */
export const isLate = (limits: LateLimit[]): SQL => sql`(
  t.status in ('opening', 'open') and exists (
    select from jsonb_to_recordset(${jsonb(limits)}) as late(id text, "firstResponse" timestamptz, resolution timestamptz)
    where late.id = t.category_id and (t.opened_at <= late.resolution
      or (t.first_response_at is null and t.opened_at <= late."firstResponse"))))`
