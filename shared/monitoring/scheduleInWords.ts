import type { Schedule } from "./schedule.ts"

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

/** A schedule as people say it. Throws for one that there are no words for yet. */
export function scheduleInWords({ cron, timeZone }: Schedule): string {
  const [minute = "", hour = "", dayOfMonth, month, dayOfWeek = ""] = cron.split(" ")
  const every = /^\*\/(\d+)$/.exec(minute)?.[1]
  const anyDay = dayOfMonth === "*" && month === "*"
  if (anyDay && every && hour === "*" && dayOfWeek === "*") return `every ${every} minutes`
  const at = (text: string) => text.padStart(2, "0")
  if (anyDay && /^\d+$/.test(minute) && hour === "*" && dayOfWeek === "*") return `every hour at :${at(minute)}`
  if (anyDay && /^\d+$/.test(minute) && /^\d+$/.test(hour)) {
    const time = `${at(hour)}:${at(minute)} ${timeZone}`
    if (dayOfWeek === "*") return `every day at ${time}`
    const day = days[Number(dayOfWeek)]
    if (day) return `every ${day} at ${time}`
  }
  throw new Error(`There are no words yet for the schedule "${cron}".`)
}
