import { instantOf, isTimeZone, wallTime } from "../time/zonedTime.ts"
import { countryTimeZone } from "./countryTimeZone.ts"
import type { Delay } from "./sequenceSchema.ts"

const minute = 60_000

/** When a step comes due, counted from when the change happened. A zone that does not exist counts as UTC. */
export function dueAt(delay: Delay, startedAt: Date, timeZone: string): Date {
  if ("after" in delay) return new Date(startedAt.getTime() + delay.after * minute)
  const zone = isTimeZone(timeZone) ? timeZone : "UTC"
  const [hour = 0, minutes = 0] = delay.at.split(":").map(Number)
  const start = wallTime(startedAt, zone)
  for (let days = delay.days; ; days++) {
    const date = new Date(Date.UTC(start.year, start.month - 1, start.day + days))
    const wall = {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour,
      minute: minutes,
    }
    const due = instantOf(wall, zone)
    if (due >= startedAt) return due
  }
}

/** The zone whose clock a customer goes by: their own, else their country's, else the brand's. */
export function customerTimeZone(
  customer: { timeZone: string | null; country: string | null },
  brandTimeZone: string,
): string {
  const zones = [customer.timeZone, customer.country && countryTimeZone(customer.country), brandTimeZone]
  return zones.find((zone) => zone && isTimeZone(zone)) || "UTC"
}
