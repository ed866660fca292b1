import type { Context } from "../../context.ts"
import type { StripeApi } from "../../vendors/stripe.ts"
import type { StripeLists } from "../../vendors/stripeLists.ts"
import { recoverEvents } from "./recoverEvents.ts"
import type { StripeLimit } from "./stripeLimit.ts"

/** So much earlier than an object is shown, the event of its change may have been made. */
const marginMilliseconds = 60_000

/**
 * Makes sure that every event up to the moment at which an object was shown is known to us, so that a difference that an
 * event explains is left to that event: else it would be told twice. Many who ask at the same time ask Stripe once.
 */
export class EventWatch {
  private readonly ctx: Context<{ stripe: StripeApi; lists: StripeLists }, "emails">
  private readonly limit: StripeLimit
  /** By our clock: when the last look that has ended began. */
  private seen = 0
  private looking: Promise<void> | null = null

  constructor(ctx: Context<{ stripe: StripeApi; lists: StripeLists }, "emails">, limit: StripeLimit) {
    this.ctx = ctx
    this.limit = limit
  }

  /** `shownAt` by Stripe's clock; the answer has arrived by now, so whatever begins from now on is late enough. */
  async seenSince(shownAt: Date): Promise<void> {
    const asked = Date.now()
    while (this.seen < asked) {
      this.looking ??= this.look(shownAt).finally(() => {
        this.looking = null
      })
      await this.looking
    }
  }

  private async look(shownAt: Date): Promise<void> {
    const began = Date.now()
    const since = new Date(shownAt.getTime() - marginMilliseconds)
    await recoverEvents(this.ctx, { limit: this.limit, all: true, since })
    this.seen = began
  }
}
