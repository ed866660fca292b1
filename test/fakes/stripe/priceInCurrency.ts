import type { Store } from "./store.ts"

/** The price that sells the same in another currency; the given one when there is none. */
export function priceInCurrency(store: Store, id: string, currency: string): string {
  const wanted = store.need("price", id, "price")
  if (wanted.currency === currency) return id
  const same = store
    .all("price")
    .find(
      (each) =>
        each.product === wanted.product &&
        each.currency === currency &&
        each.recurring?.interval === wanted.recurring?.interval,
    )
  return same?.id ?? id
}
