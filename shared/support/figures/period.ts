import { instantOf, wallTime } from "../../time/zonedTime.ts"

export interface Period {
  today: string
  /** Days as YYYY-MM-DD, both included. */
  from: string
  until: string
  start: Date
  /** The first moment that is not of it. */
  end: Date
}

const day = 86_400_000
const usual = 30
const longest = 731

/** Days as they stand in an address, in a time zone; what does not fit is the last 30 days. */
export function readPeriod(asked: { from?: string; until?: string }, timeZone: string, now: Date): Period {
  const { year, month, day: date } = wallTime(now, timeZone)
  const today = Date.UTC(year, month - 1, date)
  const until = dayOf(asked.until) ?? today
  const from = dayOf(asked.from) ?? until - (usual - 1) * day
  const fits = from <= until && until - from < longest * day
  const first = fits ? from : today - (usual - 1) * day
  const last = fits ? until : today
  return {
    today: nameOf(today),
    from: nameOf(first),
    until: nameOf(last),
    start: midnight(first, timeZone),
    end: midnight(last + day, timeZone),
  }
}

const nameOf = (at: number) => new Date(at).toISOString().slice(0, 10)

function dayOf(text: string | undefined): number | null {
  if (!text || !/^20\d\d-\d\d-\d\d$/.test(text)) return null
  const at = Date.parse(`${text}T00:00:00Z`)
  return Number.isNaN(at) || nameOf(at) !== text ? null : at
}

function midnight(at: number, timeZone: string): Date {
  const date = new Date(at)
  return instantOf(
    { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: 0, minute: 0 },
    timeZone,
  )
}
