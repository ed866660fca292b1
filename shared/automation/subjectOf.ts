import type { Change } from "../billing/change.ts"
import type { Action } from "./ruleSchema.ts"

/** What an enrolment is for: a customer is enrolled once per sequence and this. */
export function subjectOf(subject: Extract<Action, { do: "enrol" }>["subject"], change: Change): string {
  switch (subject) {
    case "customer":
      return change.customerId
    case "subscription":
      return change.subscriptionId ?? change.subjectId
    case "invoice":
      return change.invoiceId ?? change.subjectId
    case "object":
      return change.subjectId
    case "change":
      return change.key
  }
}
