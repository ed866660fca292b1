import { subscription as inAccount } from "./objects/subscription.ts"
import { periodEnd } from "./time/periods.ts"
import type { Price, Subscription } from "./wire.ts"

/** A subscription to one price outside any account, for made-up histories. */
export function subscription(input: {
  customer: string
  price: Price
  quantity: number
  status: Subscription["status"]
  trialEnd: number | null
  paymentMethod: string | null
  created: number
}): Subscription {
  const { price, quantity, ...rest } = input
  return inAccount({
    ...rest,
    items: [{ price, quantity }],
    periodEnd: input.trialEnd ?? periodEnd(input.created, price),
    missingPaymentMethod: "create_invoice",
    livemode: false,
  })
}
