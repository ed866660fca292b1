import type { Actor, Context } from "../../shared/context.ts"
import { checkEnv } from "../../shared/env.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { createStripe, type StripeApi } from "../../shared/vendors/stripe.ts"

export interface WebhooksConfig {
  stripe: { livemode: boolean; account: string | null; secrets: string[] }
  resend: { secrets: string[] }
}

export interface WebhooksContext extends Context<{ stripe: StripeApi }, "events" | "emails"> {
  config: WebhooksConfig
}

export function webhooksContext(env: Cloudflare.WebhooksEnv, actor: Actor): WebhooksContext {
  const checked = checkEnv("webhooks", env)
  const some = (...secrets: string[]) => secrets.filter((secret) => secret !== "")
  return {
    ...createContext({
      worker: "webhooks",
      env: checked,
      actor,
      vendors: { stripe: createStripe({ secretKey: checked.STRIPE_SECRET_KEY, apiBase: checked.STRIPE_API_BASE }) },
      queues: { events: env.EVENTS, emails: env.EMAILS },
    }),
    config: {
      stripe: {
        livemode: checked.STRIPE_MODE === "live",
        account: checked.STRIPE_ACCOUNT_ID || null,
        secrets: some(checked.STRIPE_WEBHOOK_SECRET, checked.STRIPE_WEBHOOK_SECRET_PREVIOUS),
      },
      resend: { secrets: some(checked.RESEND_WEBHOOK_SECRET, checked.RESEND_WEBHOOK_SECRET_PREVIOUS) },
    },
  }
}
