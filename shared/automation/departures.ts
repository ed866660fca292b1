import * as z from "zod/mini"
import type { EnrolmentRow } from "./loadAutomation.ts"
import { actionSchema } from "./ruleSchema.ts"

/** A `leave` action that has happened: it also ends what began before it and is learnt of only later. */
export interface Departure {
  sequenceId: string
  reason: string
  all: boolean
  at: Date
  changeKey: string
  /** What the change was about. */
  subjectId: string | null
  subscriptionId: string | null
  invoiceId: string | null
}

const actionsSchema = z.array(actionSchema)

/** The departures in a firing as it is stored; what the change was about is in its key. */
export function departuresOf(firing: {
  changeKind: string
  changeKey: string
  occurredAt: Date
  actions: unknown
}): Departure[] {
  const actions = actionsSchema.safeParse(firing.actions)
  if (!actions.success) return []
  const [, subject = null] = firing.changeKey.split(":")
  return actions.data.flatMap((action) =>
    action.do === "leave"
      ? {
          sequenceId: action.sequence,
          reason: action.reason,
          all: action.all ?? false,
          at: firing.occurredAt,
          changeKey: firing.changeKey,
          subjectId: subject,
          subscriptionId: firing.changeKind.startsWith("subscription.") ? subject : null,
          invoiceId: firing.changeKind.startsWith("invoice.") ? subject : null,
        }
      : [],
  )
}

/** Whether it ends this enrolment. Within one change the order of the actions decides, not the time. */
export function ends(departure: Departure, row: EnrolmentRow): boolean {
  if (departure.sequenceId !== row.sequenceId || row.startedAt > departure.at) return false
  if (departure.all || row.subjectId === row.customerId) return true
  if (row.invoiceId !== null && departure.invoiceId !== null) return row.invoiceId === departure.invoiceId
  if (row.subscriptionId !== null && departure.subscriptionId !== null)
    return row.subscriptionId === departure.subscriptionId
  // Of refunds, disputes and the like each is by itself; a change of the customer is about all of them.
  if (aboutNothing(row) && aboutNothing(departure))
    return departure.subjectId === null || [row.subjectId, row.customerId].includes(departure.subjectId)
  return aboutNothing(row) || aboutNothing(departure)
}

const aboutNothing = (about: { subscriptionId: string | null; invoiceId: string | null }) =>
  about.subscriptionId === null && about.invoiceId === null
