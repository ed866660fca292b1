import type { StripeApi } from "../../shared/vendors/stripe.ts"
import { Faults } from "../fakes/faults/faults.ts"
import type { CardBehaviour } from "../fakes/stripe/customers.ts"
import { EventLog } from "../fakes/stripe/eventLog.ts"
import { isEnded, StripeWorld } from "../fakes/stripe/world.ts"

const day = 86_400
const cards: CardBehaviour[] = ["works", "insufficient_funds", "expired_card", "authentication_required", "works"]
const prices = ["price_starter_eur_month", "price_pro_eur_month", "price_pro_usd_year", "price_starter_usd_month"]

/** A made-up but consistent history of an account of Stripe: its events in order, and its API as it stands at the end. */
export function playedHistory(options: { seed: number; customers: number; steps: number; until: Date }) {
  const faults = new Faults(options.seed)
  const log = new EventLog({ deliver: null, webhookSecret: "whsec_unused", livemode: false, faults })
  const start = new Date(options.until.getTime() - 120 * day * 1000)
  const world = new StripeWorld({ log, hostedUrl: (id) => `https://pay.example.com/${id}`, wall: () => start })
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(faults.random() * items.length)] as Item

  for (let index = 0; index < options.customers; index++) {
    const customer = world.createCustomer({
      email: `c${index}@example.com`,
      name: `Customer ${index}`,
      country: pick(["DE", "US", "SE"]),
    })
    world.subscribe({ customer: customer.id, price: pick(prices), trialDays: pick([0, 0, 0, 7]), card: "works" })
  }
  for (let step = 0; step < options.steps; step++) {
    if (faults.random() < 0.35) world.advanceClock(Math.floor(faults.random() * 9 * day))
    const subscription = pick(world.all("subscription"))
    const customer = String(subscription.customer)
    const act = faults.random()
    if (act < 0.1) world.updateCustomer(customer, { name: `Renamed ${step}` })
    else if (act < 0.2 || isEnded(subscription)) world.subscribe({ customer, price: pick(prices) })
    else if (act < 0.35) world.setCard(customer, pick(cards))
    else if (act < 0.5) world.renewNow(subscription.id)
    else if (act < 0.6) world.changePlan(subscription.id, pick(prices))
    else if (act < 0.7) world.cancel(subscription.id, { atPeriodEnd: true, feedback: "unused" })
    else if (act < 0.78) world.resume(subscription.id)
    else if (act < 0.84) world.cancel(subscription.id)
    else if (act < 0.9) world.pauseCollection(subscription.id, subscription.pause_collection === null)
    else {
      const charge = world
        .all("charge")
        .find((each) => each.status === "succeeded" && each.refunded !== true && each.customer === customer)
      if (charge) act < 0.95 ? world.refund(charge.id) : world.dispute(charge.id)
    }
  }
  const api: StripeApi = {
    async retrieve(path) {
      const url = new URL(path, "https://api.stripe.com")
      const at = options.until
      if (url.pathname === "/v1/invoice_payments") {
        const payment = world.all("invoice_payment").find((each) => each.invoice === url.searchParams.get("invoice"))
        const intent = world.get(String(Reflect.get(Object(payment?.payment), "payment_intent")))
        return {
          object: {
            data: payment ? [{ ...payment, payment: { type: "payment_intent", payment_intent: intent } }] : [],
          },
          at,
        }
      }
      const object = world.get(decodeURIComponent(url.pathname.split("/").at(-1) ?? ""))
      return object ? { object: structuredClone(object), at } : null
    },
  }
  return { events: [...log.events], api, world, shuffle: <Item>(items: Item[]) => faults.shuffle(items) }
}
