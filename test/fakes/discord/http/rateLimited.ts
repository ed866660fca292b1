import type { Limited } from "./rateLimits.ts"

/** A limit that only the work of a request comes upon. */
export class RateLimited extends Error {
  readonly limited: Limited

  constructor(limited: Limited) {
    super("You are being rate limited.")
    this.limited = limited
  }
}
