import type { Account } from "../account.ts"
import type { CardBehaviour } from "../card.ts"
import type { Subscription } from "../wire.ts"
import { attachCard } from "./attachCard.ts"
import { createSubscription } from "./createSubscription.ts"

export interface SubscribeInput {
  customer: string
  price: string
  quantity?: number | undefined
  trialDays?: number | undefined
  /** The card they enter; null for none (a trial then pauses when it ends). */
  card?: CardBehaviour | null | undefined
  coupon?: string | undefined
  metadata?: Record<string, string> | undefined
}

/** What a customer does on the website: enters a card and takes a plan. */
export function subscribe(account: Account, input: SubscribeInput): Subscription {
  account.store.need("price", input.price, "price")
  const card = input.card === undefined ? "works" : input.card
  const method = card === null ? null : attachCard(account, input.customer, card)
  return createSubscription(account, {
    customer: input.customer,
    items: [{ price: input.price, quantity: input.quantity }],
    trialDays: input.trialDays,
    paymentMethod: method,
    missingPaymentMethod: method ? "create_invoice" : "pause",
    coupon: input.coupon,
    metadata: input.metadata,
  })
}
