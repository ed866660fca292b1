import type { Change } from "../billing/change.ts"
import type { PlannedEmail } from "./automationPlan.ts"
import { type AutomationPlan, type PlanInput, planAutomation } from "./planAutomation.ts"

export interface DryRun {
  /** Rules that match, by id. */
  rules: string[]
  enrolments: {
    sequence: string
    subject: string
    /** Why it would end as soon as it began. */
    exitReason: string | null
    mails: (Pick<PlannedEmail, "dueAt" | "reason" | "status"> & { template: string })[]
  }[]
  exits: AutomationPlan["exits"]
  tags: AutomationPlan["tags"]
  notifications: string[]
}

/**
 * What the rules would make of a change as things stand, had it not happened yet; writes nothing. Takes what
 * planAutomation takes, so that a rule being edited can be tried by putting it among the loaded ones.
 */
export function dryRun(input: Omit<PlanInput, "changes" | "newId"> & { change: Change }): DryRun {
  const { change, automation, ...rest } = input
  let count = 0
  const plan = planAutomation({
    ...rest,
    changes: [change],
    newId: () => `dry-run-${++count}`,
    automation: {
      ...automation,
      fired: new Set([...automation.fired].filter((key) => !key.endsWith(` ${change.key}`))),
      enrolments: new Map(
        [...automation.enrolments].map(([id, rows]) => [id, rows.filter((row) => row.changeKey !== change.key)]),
      ),
    },
  })
  return {
    rules: plan.firings.map(({ ruleId }) => ruleId),
    enrolments: plan.enrolments.map((row) => ({
      sequence: row.sequenceId,
      subject: row.subjectId,
      exitReason: row.exitReason,
      mails: plan.outbox
        .filter(({ enrolmentId }) => enrolmentId === row.id)
        .map(({ templateId, dueAt, status, reason }) => ({ template: templateId, dueAt, status, reason })),
    })),
    exits: plan.exits,
    tags: plan.tags,
    notifications: plan.notifications.map(({ message }) => message),
  }
}
