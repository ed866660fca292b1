const day = 86_400_000

/** A calendar day and wall-clock time, in no particular zone. */
export interface WallTime {
  year: number
  month: number
  day: number
  hour: number
  minute: number
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** What the clock on the wall in `timeZone` shows at `instant`. */
export function wallTime(instant: Date, timeZone: string): WallTime {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(instant)
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  return { year: value("year"), month: value("month"), day: value("day"), hour: value("hour"), minute: value("minute") }
}

const asUtc = (wall: WallTime) => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute)

/**
 * The instant at which the wall clock in `timeZone` shows `wall`. A time that the spring change skips is moved on by
 * the skipped hour; of a time that the autumn change repeats, the first is meant.
 */
export function instantOf(wall: WallTime, timeZone: string): Date {
  const wanted = asUtc(wall)
  const offsetAt = (instant: number) => asUtc(wallTime(new Date(instant), timeZone)) - instant
  // The offsets on either side of any change nearby; the larger one gives the earlier instant.
  const offsets = [...new Set([offsetAt(wanted - day), offsetAt(wanted + day)])].sort((a, b) => b - a)
  for (const offset of offsets) {
    const instant = wanted - offset
    if (asUtc(wallTime(new Date(instant), timeZone)) === wanted) return new Date(instant)
  }
  return new Date(wanted - Math.min(...offsets))
}
