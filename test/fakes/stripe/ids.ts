const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/** An id as Stripe makes them: random, so unique across restarts. */
export function stripeId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(22))
  return `${prefix}_1${Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join("")}`
}
