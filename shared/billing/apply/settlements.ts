import type { EventStatus } from "../../db/schema/webhooks.ts"
import type { ClaimedEvent } from "./claimEvents.ts"
import type { Outcome } from "./readClaimed.ts"

export interface Settlement {
  id: string
  /** As claimed; whoever settles it must be the one who claimed it. */
  attempts: number
  status: EventStatus
  reason: string | null
  settledAt: Date | null
  nextAttemptAt: Date | null
}

/** Waits between the tries of an event that failed, in seconds; after the last it is set aside for staff. */
const backoffSeconds = [30, 120, 600, 1800, 3600, 3 * 3600, 12 * 3600]

/** What becomes of a claimed event. An event of which the batch says nothing has been applied by it. */
export function settlement(claimed: ClaimedEvent, outcome: Outcome | undefined, now: Date): Settlement {
  const base = { id: claimed.id, attempts: claimed.attempts }
  switch (outcome?.status) {
    case "ignored":
      return { ...base, status: "ignored", reason: outcome.reason, settledAt: now, nextAttemptAt: null }
    case "failing": {
      const wait = outcome.error.retry ? backoffSeconds[claimed.attempts - 1] : undefined
      const reason = `${outcome.error.code}: ${outcome.error.message}`
      if (wait === undefined) return { ...base, status: "failed", reason, settledAt: now, nextAttemptAt: null }
      return {
        ...base,
        status: "retrying",
        reason,
        settledAt: null,
        nextAttemptAt: new Date(now.getTime() + wait * 1000),
      }
    }
    case "applied":
    case undefined:
      return { ...base, status: "applied", reason: null, settledAt: now, nextAttemptAt: null }
  }
}
