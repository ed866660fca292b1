/** An amount in minor units, as people write it; mind currencies without cents. */
export function money(amount: number | null, currency: string): string {
  const format = new Intl.NumberFormat("en", { style: "currency", currency })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format((amount ?? 0) / 10 ** digits)
}

/** Seconds since 1970 as a day. */
export const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)

/** Seconds since 1970 as a minute, in UTC. */
export const minuteOf = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")

export const timeOf = (iso: string): string => iso.slice(11, 19)
