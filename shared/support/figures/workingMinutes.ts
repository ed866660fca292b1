import { type SupportHours, workingSpans } from "./workingSpans.ts"

/** Minutes between two moments during which people are there, to the millisecond. None where `until` is not later. */
export const workingMinutes = (from: Date, until: Date, hours: SupportHours): number =>
  workingSpans(hours, from.getTime(), until.getTime()).reduce((sum, { start, end }) => sum + end - start, 0) / 60_000
