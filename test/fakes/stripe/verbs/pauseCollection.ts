import type { Account } from "../account.ts"
import type { Subscription } from "../wire.ts"

/** Stops collecting, or goes on: the subscription keeps its status and its periods. */
export function pauseCollection(
  account: Account,
  subscription: Subscription,
  pause: Subscription["pause_collection"],
): Subscription {
  return account.change(subscription, { pause_collection: pause }, "customer.subscription.updated")
}
