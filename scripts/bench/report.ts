import { cpus } from "node:os"

/** One figure as one JSON line. */
export function report(name: string, value: number, unit: string, conditions: Record<string, unknown> = {}): void {
  const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 100) / 100
  console.log(JSON.stringify({ name, value: rounded, unit, cores: cpus().length, ...conditions }))
}

export function percentile(values: number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}
