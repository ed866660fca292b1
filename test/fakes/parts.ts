import type { Faults } from "./faults/faults.ts"
import type { RateLimiter } from "./http/rateLimiter.ts"
import type { Mailbox } from "./resend/mailbox.ts"
import type { Quota } from "./resend/quota.ts"
import type { StripeWorld } from "./stripe/world.ts"

/** What the dashboard and the control API work on. */
export interface Parts {
  world: StripeWorld
  mailbox: Mailbox
  faults: { stripe: Faults; resend: Faults }
  limiters: { stripe: RateLimiter; resend: RateLimiter }
  quota: Quota
  links: { label: string; url: string }[]
  reset: () => void
}
