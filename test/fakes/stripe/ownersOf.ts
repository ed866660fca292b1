import { subscriptionIdOf } from "./subscriptionFacts.ts"
import type { Kind, Stored } from "./wire.ts"

/** The ids of what an object belongs to for good, by which it can be found without going through its whole kind. */
export function ownersOf(object: Stored[Kind]): (string | null | undefined)[] {
  switch (object.object) {
    case "subscription":
    case "charge":
    case "payment_method":
      return [object.customer]
    case "invoice":
      return [object.customer, subscriptionIdOf(object)]
    case "invoiceitem":
      return [object.parent?.subscription_details?.subscription]
    case "invoice_payment":
      return [object.invoice]
    case "dispute":
    case "refund":
      return [object.charge]
    default:
      return []
  }
}
