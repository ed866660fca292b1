import type { Price } from "../wire.ts"

/** The end of a period that begins at `start`; months keep the anchor's day where they have it. */
export function periodEnd(start: number, price: Price, anchor = start): number {
  const interval = price.recurring?.interval ?? "month"
  const count = price.recurring?.interval_count ?? 1
  if (interval === "day") return start + count * 86_400
  if (interval === "week") return start + count * 7 * 86_400
  const from = new Date(start * 1000)
  const months = interval === "year" ? 12 * count : count
  const day = new Date(anchor * 1000).getUTCDate()
  const end = new Date(from)
  end.setUTCDate(1)
  end.setUTCMonth(from.getUTCMonth() + months)
  const daysInMonth = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() + 1, 0)).getUTCDate()
  end.setUTCDate(Math.min(day, daysInMonth))
  return Math.floor(end.getTime() / 1000)
}
