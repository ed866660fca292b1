import { Cron } from "croner"

export interface Schedule {
  cron: string
  timeZone: string
}

const cronOf = ({ cron, timeZone }: Schedule) => new Cron(cron, { timezone: timeZone, paused: true })

/** The first moment of the schedule after `after`; what the spring change skips comes when the clock jumps, what the autumn change repeats comes once. */
export function nextSlot(schedule: Schedule, after: Date): Date {
  const next = cronOf(schedule).nextRun(after)
  if (!next) throw new Error(`The schedule "${schedule.cron}" never comes.`)
  return next
}

/** The last moment of the schedule from `from` on and not after `now`: of several that were missed, the one to make up for. */
export function lastSlot(schedule: Schedule, from: Date, now: Date): Date {
  const [last] = cronOf(schedule).previousRuns(1, new Date(now.getTime() + 1000))
  return last && last > from ? last : from
}
