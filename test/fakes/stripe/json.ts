/** An object of Stripe as JSON. */
export type StripeObject = { id: string; object: string; created: number } & Record<string, unknown>

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/** An id as Stripe makes them, unique across restarts. */
export function stripeId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24))
  return `${prefix}_1${[...bytes].map((byte) => alphabet[byte % alphabet.length]).join("")}`
}

export const listOf = (data: unknown[], url: string, hasMore = false) => ({
  object: "list",
  data,
  has_more: hasMore,
  url,
})
