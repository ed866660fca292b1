import type { Account } from "../account.ts"
import type { CardBehaviour } from "../card.ts"
import { attachCard } from "./attachCard.ts"
import { cardOf } from "./cardOf.ts"

/** Changes what the bank says of the customer's cards from now on, which Stripe hears of only at the next charge. */
export function setCard(account: Account, customerId: string, behaviour: CardBehaviour): void {
  if (!cardOf(account, customerId)) attachCard(account, customerId, behaviour)
  for (const method of account.store.ownedBy(customerId, "payment_method"))
    if (method.customer === customerId) account.bank.set(method.id, behaviour)
}
