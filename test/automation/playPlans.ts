import { departuresOf } from "../../shared/automation/departures.ts"
import { type EnrolmentRow, firingKey, type LoadedAutomation } from "../../shared/automation/loadAutomation.ts"
import { type AutomationPlan, planAutomation } from "../../shared/automation/planAutomation.ts"
import type { Change } from "../../shared/billing/change.ts"
import { aPlanInput } from "./samples.ts"

/** Plans batch after batch as the database would let it: each batch is planned with what the earlier ones left. */
export function playPlans(configured: LoadedAutomation) {
  const automation: LoadedAutomation = {
    ...configured,
    sequences: new Map(configured.sequences),
    enrolments: new Map(),
    fired: new Set(),
    departures: new Map(),
  }
  const plans: AutomationPlan[] = []
  const mails = new Map<string, AutomationPlan["outbox"][number]>()

  function keep(plan: AutomationPlan): void {
    for (const { ruleId, changeKey } of plan.firings) automation.fired.add(firingKey(ruleId, changeKey))
    for (const firing of plan.firings)
      automation.departures.set(firing.customerId, [
        ...(automation.departures.get(firing.customerId) ?? []),
        ...departuresOf(firing),
      ])
    for (const row of plan.enrolments)
      automation.enrolments.set(row.customerId, [...(automation.enrolments.get(row.customerId) ?? []), row])
    for (const mail of plan.outbox) mails.set(mail.dedupeKey, mail)
    for (const { enrolmentId, reason, at } of plan.exits) {
      const row = enrolments().find(({ id }) => id === enrolmentId)
      if (row) Object.assign(row, { status: "exited", exitReason: reason, endedAt: at })
      for (const mail of mails.values())
        if (mail.enrolmentId === enrolmentId && mail.status === "due")
          Object.assign(mail, { status: "cancelled", reason })
    }
  }

  const enrolments = (): EnrolmentRow[] => [...automation.enrolments.values()].flat()

  return {
    automation,
    plans,
    enrolments,
    mails: () => [...mails.values()],
    play(changes: Change[], more: Parameters<typeof aPlanInput>[2] = {}): AutomationPlan {
      const plan = planAutomation(aPlanInput(automation, changes, more))
      plans.push(plan)
      keep(plan)
      return plan
    },
  }
}
