import { type SupportHours, workingSpans } from "./workingSpans.ts"

const week = 7 * 86_400_000

/** The moment at which `minutes` of working time have passed since `from`; null where nobody is ever there. */
export function workingMinutesOn(minutes: number, from: Date, hours: SupportHours): Date | null {
  if (hours.days.every((opening) => opening === null)) return null
  let left = minutes * 60_000
  for (let since = from.getTime(); ; since += week)
    for (const { start, end } of workingSpans(hours, since, since + week)) {
      if (end - start >= left) return new Date(start + left)
      left -= end - start
    }
}
