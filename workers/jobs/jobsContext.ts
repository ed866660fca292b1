import type { Actor } from "../../shared/context.ts"
import { checkEnv } from "../../shared/env.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { createStripe } from "../../shared/vendors/stripe.ts"
import { createStripeLists } from "../../shared/vendors/stripeLists.ts"
import { createStripeSubscriptions } from "../../shared/vendors/stripeSubscriptions.ts"
import type { JobsContext } from "./runners.ts"

export function jobsContext(env: Cloudflare.JobsEnv, actor: Actor): JobsContext {
  const checked = checkEnv("jobs", env)
  const options = { secretKey: checked.STRIPE_SECRET_KEY, apiBase: checked.STRIPE_API_BASE }
  const stripe = { ...createStripe(options), ...createStripeSubscriptions(options) }
  const lists = createStripeLists(options)
  const queues = { events: env.EVENTS, emails: env.EMAILS, jobs: env.JOBS, tickets: env.TICKETS }
  const ctx = createContext({ worker: "jobs", env: checked, actor, vendors: { stripe, lists }, queues })
  return { ...ctx, config: { trials: { url: checked.TRIALS_URL, token: checked.TRIALS_TOKEN } } }
}
