import type { PlannedEmail } from "./automationPlan.ts"
import { dueAt } from "./dueAt.ts"
import type { EnrolmentRow } from "./loadAutomation.ts"
import type { Sequence } from "./sequenceSchema.ts"

const hour = 3_600_000

/** Smaller goes first among what is due. */
const priorities = { transactional: 3, marketing: 7 } as const

/** Every mail of an enrolment, planned at once: what is too late already is stale, what an exit forbids is cancelled. */
export function planSteps(input: {
  enrolment: EnrolmentRow
  sequence: Sequence
  timeZone: string
  now: Date
  newId: () => string
}): PlannedEmail[] {
  const { enrolment, sequence, timeZone, now, newId } = input
  return sequence.steps.map((step, index) => {
    const due = dueAt(step.delay, enrolment.startedAt, timeZone)
    const staleAt = new Date(due.getTime() + sequence.staleAfterHours * hour)
    const email = {
      id: newId(),
      dedupeKey: `${enrolment.id}:${index}`,
      customerId: enrolment.customerId,
      enrolmentId: enrolment.id,
      step: index,
      templateId: step.template,
      mailClass: sequence.mailClass,
      priority: priorities[sequence.mailClass],
      dueAt: due,
      staleAt,
      createdAt: now,
    }
    if (enrolment.status === "exited") return { ...email, status: "cancelled" as const, reason: enrolment.exitReason }
    if (staleAt < now) return { ...email, status: "stale" as const, reason: "came due too long ago" }
    return { ...email, status: "due" as const, reason: null }
  })
}
