import { instantOf, isTimeZone, wallTime } from "../time/zonedTime.ts"
import type { Delay } from "./sequenceSchema.ts"

const minute = 60_000

/** When a step comes due, counted from when the change happened. */
export function dueAt(delay: Delay, startedAt: Date, timeZone: string): Date {
  if ("after" in delay) return new Date(startedAt.getTime() + delay.after * minute)
  const [hour = 0, minutes = 0] = delay.at.split(":").map(Number)
  const start = wallTime(startedAt, timeZone)
  for (let days = delay.days; ; days++) {
    const date = new Date(Date.UTC(start.year, start.month - 1, start.day + days))
    const wall = {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour,
      minute: minutes,
    }
    const due = instantOf(wall, timeZone)
    if (due >= startedAt) return due
  }
}

/** The zone whose clock a customer goes by: their own, else their country's, else the brand's. */
export function customerTimeZone(
  customer: { timeZone: string | null; country: string | null },
  brandTimeZone: string,
): string {
  if (customer.timeZone && isTimeZone(customer.timeZone)) return customer.timeZone
  const byCountry = customer.country ? countryTimeZone(customer.country) : null
  if (byCountry) return byCountry
  return isTimeZone(brandTimeZone) ? brandTimeZone : "UTC"
}

/** For countries with several zones, the one where most people live. */
const principal: Record<string, string> = {
  US: "America/New_York",
  CA: "America/Toronto",
  AU: "Australia/Sydney",
  BR: "America/Sao_Paulo",
  MX: "America/Mexico_City",
  RU: "Europe/Moscow",
  ES: "Europe/Madrid",
  PT: "Europe/Lisbon",
  DE: "Europe/Berlin",
  FR: "Europe/Paris",
  NZ: "Pacific/Auckland",
  ID: "Asia/Jakarta",
  CL: "America/Santiago",
  AR: "America/Argentina/Buenos_Aires",
  UA: "Europe/Kyiv",
  CN: "Asia/Shanghai",
  KZ: "Asia/Almaty",
}

function countryTimeZone(country: string): string | null {
  const known = principal[country]
  if (known) return known
  try {
    const locale: Intl.Locale & { getTimeZones?: () => string[] | undefined } = new Intl.Locale(`und-${country}`)
    return locale.getTimeZones?.()?.[0] ?? null
  } catch {
    return null
  }
}
