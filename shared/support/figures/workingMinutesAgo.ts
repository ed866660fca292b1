import { type SupportHours, workingSpans } from "./workingSpans.ts"

const week = 7 * 86_400_000

/**
 * The latest moment from which `minutes` of working time have passed until `now`: what began then or before has lasted
 * that long. Null where nobody is ever there, so that nothing is ever late.
 */
export function workingMinutesAgo(minutes: number, now: Date, hours: SupportHours): Date | null {
  if (hours.days.every((opening) => opening === null)) return null
  let left = minutes * 60_000
  for (let until = now.getTime(); ; until -= week)
    for (const { start, end } of workingSpans(hours, until - week, until).reverse()) {
      if (end - start >= left) return new Date(end - left)
      left -= end - start
    }
}
