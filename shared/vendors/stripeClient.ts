import Stripe from "stripe"

export interface StripeOptions {
  secretKey: string
  /** Where a stand-in answers, empty for Stripe itself. */
  apiBase?: string
}

/** Stripe's client over fetch, made when first needed: it is large. `prefix` goes before every path. */
export function createStripeClient(options: StripeOptions): { client: () => Stripe; prefix: string } {
  const base = options.apiBase ? new URL(options.apiBase) : undefined
  let made: Stripe | undefined
  return {
    prefix: base ? base.pathname.replace(/\/$/, "") : "",
    client() {
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
    },
  }
}
