import { defaultCatalogue } from "../../test/fakes/stripe/catalogue.ts"
import { subscription } from "../../test/fakes/stripe/subscriptions.ts"

const { prices } = defaultCatalogue(1_600_000_000)
const [price] = prices

const eventOf = (id: string, type: string, created: number, object: object, previous?: object) => ({
  id,
  object: "event",
  api_version: "2026-10-28.endive",
  created,
  data: { object, ...(previous && { previous_attributes: previous }) },
  livemode: false,
  pending_webhooks: 1,
  request: { id: null, idempotency_key: null },
  type,
})

/** `customer.subscription.updated` of a subscription of its own, in the newest shape. */
export function subscriptionEvent(index: number, created: number, change: object = {}) {
  if (!price) throw new Error("The catalogue is empty.")
  const made = subscription({
    customer: `cus_bench_${index}`,
    price,
    quantity: 1,
    status: "active",
    trialEnd: null,
    paymentMethod: null,
    created,
  })
  const id = `sub_bench_${index}`
  return eventOf(`evt_bench_${index}`, "customer.subscription.updated", created, { ...made, id, ...change })
}
