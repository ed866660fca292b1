import type { Endpoint } from "./endpoint.ts"
import { customerEndpoints } from "./endpoints/customers.ts"
import { leadEndpoints } from "./endpoints/leads.ts"
import { mailEndpoints } from "./endpoints/mail.ts"
import { segmentEndpoints } from "./endpoints/segments.ts"
import { subscriptionEndpoints } from "./endpoints/subscriptions.ts"
import { trialEndpoints } from "./endpoints/trials.ts"

/** Every operation: what the router serves is what the document describes. */
export const endpoints: Endpoint[] = [
  ...leadEndpoints,
  ...trialEndpoints,
  ...customerEndpoints,
  ...segmentEndpoints,
  ...subscriptionEndpoints,
  ...mailEndpoints,
]
