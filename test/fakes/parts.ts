import type { DiscordStandIn } from "./discord/standIn.ts"
import type { Faults } from "./faults/faults.ts"
import type { RateLimiter } from "./http/rateLimiter.ts"
import type { Vendor } from "./options.ts"
import type { Mailbox } from "./resend/mailbox.ts"
import type { Quota } from "./resend/quota.ts"
import type { StripeWorld } from "./stripe/world.ts"

/** What the dashboard and the control API work on. */
export interface Parts {
  world: StripeWorld
  mailbox: Mailbox
  discord: DiscordStandIn
  faults: Record<Vendor, Faults>
  limiters: { stripe: RateLimiter; resend: RateLimiter }
  quota: Quota
  links: { label: string; url: string }[]
  reset: () => void
}
