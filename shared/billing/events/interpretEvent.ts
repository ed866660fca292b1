import { toAppError } from "../../errors.ts"
import { catalogueEvents } from "./catalogueEvents.ts"
import { customerEvents } from "./customerEvents.ts"
import { type Interpret, type Interpretation, nothing, type StripeEvent } from "./interpretation.ts"
import { invoiceEvents } from "./invoiceEvents.ts"
import { paymentEvents } from "./paymentEvents.ts"
import { subscriptionEvents } from "./subscriptionEvents.ts"

const byType: ReadonlyMap<string, Interpret> = new Map(
  [customerEvents, subscriptionEvents, invoiceEvents, paymentEvents, catalogueEvents].flatMap(Object.entries),
)

export type Interpreted = { relevant: true; says: Interpretation } | { relevant: false; reason: string }

/** Whether events of this type are read at all. */
export const hasEffect = (type: string): boolean => typeof byType.get(type) === "function"

/** What an event says, by its type. Throws `bad_request` when its content is not what Stripe sends. */
export function interpretEvent(event: StripeEvent): Interpreted {
  const interpret = byType.get(event.type)
  if (interpret === undefined) return { relevant: false, reason: `Events of type ${event.type} have no effect here.` }
  if (typeof interpret === "string") return { relevant: false, reason: interpret }
  try {
    const says = interpret(event)
    if (isEmpty(says)) return { relevant: false, reason: "It belongs to no customer." }
    return { relevant: true, says }
  } catch (thrown) {
    const error = toAppError(thrown)
    if (error.details.notRelevant === true) return { relevant: false, reason: error.message }
    throw error
  }
}

function isEmpty(says: Interpretation): boolean {
  const { owner, snapshots, timeline, changes } = { ...nothing, ...says }
  return owner === null && snapshots.length + timeline.length + changes.length === 0
}
