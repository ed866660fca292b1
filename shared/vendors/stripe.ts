import Stripe from "stripe"
import { askedAt } from "./askedAt.ts"
import { createStripeClient, type StripeOptions } from "./stripeClient.ts"
import { stripeError } from "./stripeError.ts"

export interface StripeApi {
  /** The object at an API path such as `/v1/customers/cus_1`, or null when Stripe does not have it. */
  retrieve(path: string): Promise<Retrieved | null>
}

export interface Retrieved {
  object: Record<string, unknown>
  /** When Stripe was asked, by its own clock: what it shows is not older. */
  at: Date
}

/** Stripe's API over fetch, for reading. */
export function createStripe(options: StripeOptions): StripeApi {
  const { client, prefix } = createStripeClient(options)
  return {
    async retrieve(path) {
      const asked = Date.now()
      try {
        const object = await client().rawRequest("GET", `${prefix}${path}`)
        return { object, at: askedAt(object, Date.now() - asked) }
      } catch (error) {
        if (error instanceof Stripe.errors.StripeError && error.statusCode === 404) return null
        throw stripeError(error, `GET ${path}`)
      }
    },
  }
}
