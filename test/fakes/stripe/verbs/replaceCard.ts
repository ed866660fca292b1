import type { Account } from "../account.ts"
import type { CardBehaviour } from "../card.ts"
import { isEnded } from "../subscriptionFacts.ts"
import type { PaymentMethod } from "../wire.ts"
import { attachCard } from "./attachCard.ts"

/** The customer enters another card: it pays from now on, the old one is detached. */
export function replaceCard(account: Account, customerId: string, behaviour: CardBehaviour): PaymentMethod {
  const { store } = account
  const old = store.ownedBy(customerId, "payment_method").filter((each) => each.customer === customerId)
  const card = attachCard(account, customerId, behaviour)
  for (const subscription of store.ownedBy(customerId, "subscription"))
    if (!isEnded(subscription) && subscription.default_payment_method)
      account.change(subscription, { default_payment_method: card.id }, "customer.subscription.updated")
  for (const each of old) account.change(each, { customer: null }, "payment_method.detached")
  return card
}
