import { checkEnv } from "../../shared/env.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { createStripeSubscriptions } from "../../shared/vendors/stripeSubscriptions.ts"
import type { ApiContext } from "./endpoint.ts"

/** The Context of one request or tick; a request's actor becomes its API key once that is known. */
export function crmContext(env: Cloudflare.CrmEnv, actor: ApiContext["actor"]): ApiContext {
  const checked = checkEnv("crm", env)
  const stripe = createStripeSubscriptions({
    secretKey: checked.STRIPE_SECRET_KEY,
    apiBase: checked.STRIPE_API_BASE,
  })
  return createContext({ worker: "crm", env: checked, actor, vendors: { stripe }, queues: { emails: env.EMAILS } })
}
