import Stripe from "stripe"
import { AppError } from "../errors.ts"

export interface StripeApi {
  /** The object at an API path such as `/v1/customers/cus_1`, or null when Stripe does not have it. */
  retrieve(path: string): Promise<Retrieved | null>
}

export interface Retrieved {
  object: Record<string, unknown>
  /** When Stripe answered, by its own clock. */
  at: Date
}

/** Stripe's API over fetch. `apiBase` is where a stand-in answers, empty for Stripe itself. */
export function createStripe(options: { secretKey: string; apiBase?: string }): StripeApi {
  const base = options.apiBase ? new URL(options.apiBase) : undefined
  const prefix = base ? base.pathname.replace(/\/$/, "") : ""
  // Made when first needed: the client is large, and a receiver of webhooks has no use for it.
  let made: Stripe | undefined
  const client = () => {
    made ??= new Stripe(options.secretKey, {
      httpClient: Stripe.createFetchHttpClient(),
      timeout: 10_000,
      maxNetworkRetries: 2,
      telemetry: false,
      ...(base && {
        host: base.hostname,
        port: base.port,
        protocol: base.protocol === "http:" ? ("http" as const) : ("https" as const),
      }),
    })
    return made
  }
  return {
    async retrieve(path) {
      try {
        const object = await client().rawRequest("GET", `${prefix}${path}`)
        const stamp = Date.parse(object.lastResponse?.headers?.date ?? "")
        return { object, at: Number.isNaN(stamp) ? new Date() : new Date(stamp) }
      } catch (error) {
        if (error instanceof Stripe.errors.StripeError && error.statusCode === 404) return null
        throw stripeError(error, path)
      }
    },
  }
}

function stripeError(error: unknown, path: string): AppError {
  if (!(error instanceof Stripe.errors.StripeError))
    return new AppError("vendor_unavailable", `Stripe did not answer GET ${path}: ${String(error)}`, { cause: error })
  const said = `Stripe answered GET ${path} with ${error.statusCode ?? "no status"} ${error.code ?? error.type}: ${error.message}`
  if (error.statusCode === 401 || error.statusCode === 403)
    return new AppError("misconfigured", `${said}. Check STRIPE_SECRET_KEY and its permissions.`, { cause: error })
  if (error.statusCode === undefined || error.statusCode === 429 || error.statusCode >= 500)
    return new AppError("vendor_unavailable", said, { cause: error })
  return new AppError("vendor_rejected", said, { cause: error })
}
