import type { Context } from "../../context.ts"
import type { StripeApi } from "../../vendors/stripe.ts"
import type { StripeLists } from "../../vendors/stripeLists.ts"
import { recoverEvents } from "./recoverEvents.ts"
import type { StripeLimit } from "./stripeLimit.ts"

/**
 * Makes sure that every event up to the moment at which an object was shown is known to us, from where events were last
 * read on, so that a difference that an event explains is left to that event: else it would be told twice. Many who ask at
 * the same time ask Stripe once.
 */
export class EventWatch {
  private readonly ctx: Context<{ stripe: StripeApi; lists: StripeLists }, "emails">
  private readonly limit: StripeLimit
  /** By our clock: when the last look that has ended began. */
  private seenUpTo = 0
  private looking: Promise<void> | null = null

  constructor(ctx: Context<{ stripe: StripeApi; lists: StripeLists }, "emails">, limit: StripeLimit) {
    this.ctx = ctx
    this.limit = limit
  }

  /** What was shown has arrived by now, so whatever begins from now on is late enough. */
  async seen(): Promise<void> {
    const asked = Date.now()
    while (this.seenUpTo < asked) {
      this.looking ??= this.look().finally(() => {
        this.looking = null
      })
      await this.looking
    }
  }

  private async look(): Promise<void> {
    const began = Date.now()
    await recoverEvents(this.ctx, { limit: this.limit, all: true })
    this.seenUpTo = began
  }
}
