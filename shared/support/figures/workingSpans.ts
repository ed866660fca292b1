import type { Settings } from "../../settings/settings.ts"
import { wallClock } from "../../time/wallClock.ts"

export type SupportHours = Settings["supportHours"]

/** From `start` until before `end`, milliseconds since 1970. */
export interface Span {
  start: number
  end: number
}

const minute = 60_000
const day = 86_400_000

/**
 * When people are there between two moments, in order: whenever the clock on the wall shows a time within the day's
 * hours. So an hour that the spring skips is none, and one that the autumn repeats is two. Hours whose end is not after
 * their beginning go on past midnight: 22:00 to 06:00 into the next morning, 00:00 to 00:00 all day.
 */
export function workingSpans(hours: SupportHours, from: number, until: number): Span[] {
  if (!(until > from)) return []
  return steadyOffsets(hours.timeZone, from, until).flatMap(({ start, end, offset }) =>
    wallSpans(hours, start + offset, end + offset).map((span) => ({
      start: span.start - offset,
      end: span.end - offset,
    })),
  )
}

/** The stretches during which the zone keeps its distance from UTC. */
function steadyOffsets(timeZone: string, from: number, until: number): (Span & { offset: number })[] {
  const offsetAt = wallClock(timeZone)
  const stretches: (Span & { offset: number })[] = []
  let start = from
  let offset = offsetAt(from)
  for (let at = from; at < until; ) {
    const next = Math.min(at + day, until)
    if (offsetAt(next) !== offset) {
      const change = changeBetween(offsetAt, at, next)
      stretches.push({ start, end: change, offset })
      start = change
      offset = offsetAt(change)
      at = change
    } else at = next
  }
  if (start < until) stretches.push({ start, end: until, offset })
  return stretches
}

/** The whole minute in (from, until] from which on the offset is no longer that of `from`. */
function changeBetween(offsetAt: (at: number) => number, from: number, until: number): number {
  const before = offsetAt(from)
  let low = Math.floor(from / minute)
  let high = Math.ceil(until / minute)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetAt(middle * minute) === before) low = middle
    else high = middle
  }
  return Math.min(high * minute, until)
}

/** The same on the clock on the wall, as if it were UTC. */
function wallSpans(hours: SupportHours, from: number, until: number): Span[] {
  const spans: Span[] = []
  // Of the day before, hours may reach into the first.
  for (let date = Math.floor(from / day) * day - day; date < until; date += day) {
    const opening = hours.days[(Math.floor(date / day) + 3) % 7]
    if (!opening) continue
    const begins = minutesOf(opening.from)
    const ends = minutesOf(opening.until)
    const start = Math.max(from, date + begins * minute)
    const end = Math.min(until, date + ends * minute + (ends <= begins ? day : 0))
    const last = spans.at(-1)
    if (start >= end) continue
    if (last && start <= last.end) last.end = Math.max(last.end, end)
    else spans.push({ start, end })
  }
  return spans
}

const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
