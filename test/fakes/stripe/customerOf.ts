import type { StripeWorld } from "./world.ts"

/** Whose a subscription is. */
export const customerOf = (world: StripeWorld, subscription: string): string =>
  world.account.store.need("subscription", subscription).customer
