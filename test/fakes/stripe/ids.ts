const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

const fresh = () => crypto.getRandomValues(new Uint8Array(22))
let draw: () => Uint8Array = fresh

/** An id as Stripe makes them: random, so unique across restarts. */
export function stripeId(prefix: string): string {
  return `${prefix}_1${Array.from(draw(), (byte) => alphabet[byte % alphabet.length]).join("")}`
}

/** While `make` runs, ids come from `random`, so that the same seed makes the same ids. */
export function withDrawnIds<Made>(random: () => number, make: () => Made): Made {
  draw = () => Uint8Array.from({ length: 22 }, () => Math.floor(random() * 256))
  try {
    return make()
  } finally {
    draw = fresh
  }
}
