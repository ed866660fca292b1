import type { jobOutcomes } from "../db/schema/monitoring.ts"

export type JobState = "new" | "up" | "late" | "down" | "paused" | "running"

export interface JobFacts {
  pausedAt: Date | null
  nextAt: Date | null
  graceMinutes: number
  maximumMinutes: number
  /** When the unfinished run began; null where there is none, or nobody has taken it up. */
  runningSince: Date | null
  /** The time of an unfinished run that nobody has taken up. */
  waitingSince: Date | null
  lastOutcome: (typeof jobOutcomes)[number] | null
}

const minutes = (count: number) => count * 60_000

/**
 * How a job is, as healthchecks.io has it: after its last run failed, its time passed by more than the grace, or a run
 * hangs, it is down. See https://healthchecks.io/docs/configuring_checks/.
 */
export function jobState(facts: JobFacts, now: Date): JobState {
  const { pausedAt, nextAt, runningSince, waitingSince, lastOutcome } = facts
  if (runningSince) return now.getTime() - runningSince.getTime() > minutes(facts.maximumMinutes) ? "down" : "running"
  if (pausedAt && !waitingSince) return "paused"
  if (lastOutcome === "failed") return "down"
  const overdue = Math.max(0, ...[nextAt, waitingSince].map((due) => (due ? now.getTime() - due.getTime() : 0)))
  if (overdue > minutes(facts.graceMinutes)) return "down"
  if (overdue > 0) return "late"
  return lastOutcome === null ? "new" : "up"
}
