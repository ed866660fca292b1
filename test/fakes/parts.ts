import type { DiscordStandIn } from "./discord/standIn.ts"
import type { FaultControl } from "./faults/faultControl.ts"
import type { RateLimiter } from "./http/rateLimiter.ts"
import type { Mailbox } from "./resend/mailbox.ts"
import type { Quota } from "./resend/quota.ts"
import type { StripeWorld } from "./stripe/world.ts"

/** What the dashboard and the control API work on. */
export interface Parts {
  world: StripeWorld
  mailbox: Mailbox
  discord: DiscordStandIn
  faults: FaultControl
  limiters: { stripe: RateLimiter; resend: RateLimiter }
  quota: Quota
  links: { label: string; url: string }[]
  reset: () => void
}
