import { type CustomerInput, customer as inAccount } from "./objects/customer.ts"
import type { Customer } from "./wire.ts"

export type { CardBehaviour } from "./card.ts"

/** A customer outside any account, for made-up histories. */
export const customer = (input: CustomerInput & { currency: string | null; created: number }): Customer => ({
  ...inAccount({ ...input, livemode: false }),
  currency: input.currency,
})
