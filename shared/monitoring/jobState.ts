import type { jobOutcomes } from "../db/schema/monitoring.ts"

export type JobState = "new" | "up" | "late" | "down" | "paused" | "running"

export interface JobFacts {
  pausedAt: Date | null
  nextAt: Date | null
  graceMinutes: number
  maximumMinutes: number
  /** When the unfinished run began, null where there is none. */
  runningSince: Date | null
  lastOutcome: (typeof jobOutcomes)[number] | null
}

const minutes = (count: number) => count * 60_000

/**
 * How a job is, as healthchecks.io has it: after its last run failed, its time passed by more than the grace, or a run
 * hangs, it is down. See https://healthchecks.io/docs/configuring_checks/.
 */
export function jobState(facts: JobFacts, now: Date): JobState {
  const { pausedAt, nextAt, runningSince, lastOutcome } = facts
  if (runningSince) return now.getTime() - runningSince.getTime() > minutes(facts.maximumMinutes) ? "down" : "running"
  if (pausedAt) return "paused"
  if (lastOutcome === "failed") return "down"
  const overdue = nextAt === null ? 0 : now.getTime() - nextAt.getTime()
  if (overdue > minutes(facts.graceMinutes)) return "down"
  if (overdue > 0) return "late"
  return lastOutcome === null ? "new" : "up"
}
