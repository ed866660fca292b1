import type { Actor, Context } from "../../shared/context.ts"
import { checkEnv } from "../../shared/env.ts"
import type { FileStore } from "../../shared/files/fileStore.ts"
import { r2FileStore } from "../../shared/files/r2FileStore.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { createResendReceiving, type ResendReceiving } from "../../shared/vendors/resendReceiving.ts"
import { createStripe, type StripeApi } from "../../shared/vendors/stripe.ts"

/** What the receivers need: they verify, store and queue, and call no vendor. */
export interface ReceiverContext extends Context<object, "events"> {
  config: {
    stripe: { livemode: boolean; account: string | null; secrets: string[] }
    resend: { secrets: string[] }
  }
}

export function receiverContext(env: Cloudflare.WebhooksEnv): ReceiverContext {
  const checked = checkEnv("webhooks", env)
  const some = (...secrets: string[]) => secrets.filter((secret) => secret !== "")
  return {
    ...createContext({
      worker: "webhooks",
      env: checked,
      actor: { kind: "public" },
      vendors: {},
      queues: { events: env.EVENTS },
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

/** What applying stored events needs. */
export function consumerContext(env: Cloudflare.WebhooksEnv, actor: Actor): Context<{ stripe: StripeApi }, "emails"> {
  const checked = checkEnv("webhooks", env)
  return createContext({
    worker: "webhooks",
    env: checked,
    actor,
    vendors: { stripe: createStripe({ secretKey: checked.STRIPE_SECRET_KEY, apiBase: checked.STRIPE_API_BASE }) },
    queues: { emails: env.EMAILS },
  })
}

/** What keeping received mails needs: their texts and files are fetched. */
export function mailContext(
  env: Cloudflare.WebhooksEnv,
  actor: Actor,
): Context<{ receiving: ResendReceiving; files: FileStore }, "emails"> {
  const checked = checkEnv("webhooks", env)
  return createContext({
    worker: "webhooks",
    env: checked,
    actor,
    vendors: {
      receiving: createResendReceiving({ apiKey: checked.RESEND_API_KEY, apiBase: checked.RESEND_API_BASE }),
      files: r2FileStore(env.FILES),
    },
    queues: { emails: env.EMAILS },
  })
}
