import { defaultCatalogue } from "../../test/fakes/stripe/catalogue.ts"
import { customer } from "../../test/fakes/stripe/customers.ts"
import { subscription } from "../../test/fakes/stripe/subscriptions.ts"

const { products, prices } = defaultCatalogue(1_600_000_000)
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

export const productEvents = () =>
  products.map((product) => eventOf(`evt_${product.id}`, "product.created", product.created, product))

/** The life of a customer: created, subscribed, renewed a few times, now and then late with a payment. */
export function customerHistory(index: number, start: number): ReturnType<typeof eventOf>[] {
  if (!price) throw new Error("The catalogue is empty.")
  const id = `cus_bench_${index}`
  const made = {
    ...customer({
      email: `bench${index}@example.com`,
      name: `Bench ${index}`,
      country: "DE",
      currency: "eur",
      created: start,
    }),
    id,
  }
  const base = {
    ...subscription({
      customer: id,
      price,
      quantity: 1,
      status: "active",
      trialEnd: null,
      paymentMethod: null,
      created: start,
    }),
    id: `sub_bench_${index}`,
  }
  const items = {
    object: "list",
    has_more: false,
    data: [
      {
        id: `si_bench_${index}`,
        object: "subscription_item",
        quantity: 1,
        price,
        discounts: [],
        current_period_start: start,
        current_period_end: start + 2_592_000,
      },
    ],
  }
  const look = (change: object) => ({ ...base, items, ...change })
  const event = (serial: number, type: string, after: number, object: object, previous?: object) =>
    eventOf(`evt_bench_${index}_${serial}`, type, start + after, object, previous)
  return [
    event(0, "customer.created", 0, made),
    event(1, "customer.subscription.created", 1, look({ status: "incomplete" })),
    event(2, "customer.subscription.updated", 5, look({ status: "active" }), { status: "incomplete" }),
    event(3, "customer.subscription.updated", 2_592_000, look({ status: "past_due" }), { status: "active" }),
    event(4, "customer.subscription.updated", 2_700_000, look({ status: "active" }), { status: "past_due" }),
  ]
}
