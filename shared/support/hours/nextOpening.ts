import type { Settings } from "../../settings/settings.ts"
import { instantOf, wallTime } from "../../time/zonedTime.ts"

/**
 * When somebody is there the next time: `at` itself while somebody is, null where nobody ever is. A day that ends before
 * it begins, as from 20:00 until 02:00, ends on the next one, and so does one that ends as it begins: 24 hours.
 */
export function nextOpening(at: Date, hours: Settings["supportHours"]): Date | null {
  const { timeZone } = hours
  const today = wallTime(at, timeZone)
  // From yesterday, whose hours may reach into today, to the same day of next week.
  for (let ahead = -1; ahead <= 8; ahead++) {
    const date = new Date(Date.UTC(today.year, today.month - 1, today.day + ahead))
    const open = hours.days[(date.getUTCDay() + 6) % 7]
    if (!open) continue
    const opens = instantAt(date, open.from, timeZone)
    const closes = instantAt(open.until <= open.from ? nextDay(date) : date, open.until, timeZone)
    if (closes <= at) continue
    return opens <= at ? at : opens
  }
  return null
}

const nextDay = (date: Date): Date =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1))

function instantAt(date: Date, time: string, timeZone: string): Date {
  const [hour = 0, minute = 0] = time.split(":").map(Number)
  const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  return instantOf({ ...day, hour, minute }, timeZone)
}
