import type { StripeWorld } from "../stripe/world.ts"
import { money } from "./format.ts"

export const cardChoices = [
  ["works", "Card works"],
  ["insufficient_funds", "Declined: insufficient funds"],
  ["generic_decline", "Declined: no reason"],
  ["lost_card", "Declined: lost card"],
  ["expired_card", "Declined: expired"],
  ["processing_error", "Declined: processing error"],
  ["authentication_required", "Bank asks to confirm"],
] as const

/** Prices in the words of a buyer. */
export function priceChoices(world: StripeWorld, currency?: string): [string, string][] {
  const names = new Map(world.all("product").map((product) => [product.id, product.name]))
  return world
    .all("price")
    .filter((price) => price.active && (!currency || price.currency === currency))
    .map((price) => {
      const trial = price.recurring?.trial_period_days
      const label = `${names.get(price.product) ?? price.product} · ${money(price.unit_amount, price.currency)} / ${price.recurring?.interval}`
      return [price.id, trial ? `${label} · ${trial} days free` : label]
    })
}
