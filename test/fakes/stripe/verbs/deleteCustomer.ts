import type { Account } from "../account.ts"
import { isEnded } from "../subscriptionFacts.ts"
import { endSubscription } from "./endSubscription.ts"

/** Ends the customer's subscriptions, then forgets the customer; what was paid stays. */
export function deleteCustomer(account: Account, id: string): void {
  const gone = account.store.need("customer", id)
  for (const subscription of account.store.ownedBy(id, "subscription"))
    if (!isEnded(subscription)) endSubscription(account, subscription, "cancellation_requested")
  account.store.delete("customer", id)
  account.tell("customer.deleted", gone)
}
