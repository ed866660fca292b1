import { type ConditionFacts, evaluateCondition } from "./evaluateCondition.ts"
import type { ExitCondition } from "./sequenceSchema.ts"

/** Why somebody enrolled has to leave the sequence, or null. What is billed already stays ours to collect. */
export function exitOf(
  exits: ExitCondition[],
  facts: ConditionFacts,
  enrolment: { invoiceId: string | null },
): string | null {
  if (facts.subscription?.relevant === false && enrolment.invoiceId === null)
    return "the subscription is no longer one of our products"
  return exits.find(({ when }) => evaluateCondition(when, facts))?.reason ?? null
}
