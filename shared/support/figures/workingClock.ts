import { type SupportHours, workingSpans } from "./workingSpans.ts"

/**
 * Working minutes between any two moments from `from` until `until`, looked up rather than counted anew each time; the
 * moments are milliseconds since 1970.
 */
export function workingClock(hours: SupportHours, from: Date, until: Date): (from: number, until: number) => number {
  const spans = workingSpans(hours, from.getTime(), until.getTime())
  const before: number[] = []
  let sum = 0
  for (const { start, end } of spans) {
    before.push(sum)
    sum += end - start
  }
  /** Milliseconds of working time until a moment. */
  const workedUntil = (at: number): number => {
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((spans[middle]?.start ?? 0) <= at) low = middle + 1
      else high = middle
    }
    const span = spans[low - 1]
    return span ? (before[low - 1] ?? 0) + Math.min(at, span.end) - span.start : 0
  }
  return (begin, end) => Math.max(0, workedUntil(end) - workedUntil(begin)) / 60_000
}
