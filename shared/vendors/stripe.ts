import Stripe from "stripe"
import { answeredAt } from "./answeredAt.ts"
import { createStripeClient, type StripeOptions } from "./stripeClient.ts"
import { stripeError } from "./stripeError.ts"

export interface StripeApi {
  /** The object at an API path such as `/v1/customers/cus_1`, or null when Stripe does not have it. */
  retrieve(path: string): Promise<Retrieved | null>
}

export interface Retrieved {
  object: Record<string, unknown>
  /** When Stripe answered, by its own clock. */
  at: Date
}

/** Stripe's API over fetch, for reading. */
export function createStripe(options: StripeOptions): StripeApi {
  const { client, prefix } = createStripeClient(options)
  return {
    async retrieve(path) {
      try {
        const object = await client().rawRequest("GET", `${prefix}${path}`)
        return { object, at: answeredAt(object) }
      } catch (error) {
        if (error instanceof Stripe.errors.StripeError && error.statusCode === 404) return null
        throw stripeError(error, `GET ${path}`)
      }
    },
  }
}
