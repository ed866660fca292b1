import type { StripeApi } from "../../shared/vendors/stripe.ts"
import { Faults } from "../fakes/faults/faults.ts"
import type { CardBehaviour } from "../fakes/stripe/card.ts"
import { EventLog } from "../fakes/stripe/eventLog.ts"
import { withDrawnIds } from "../fakes/stripe/ids.ts"
import { isEnded, StripeWorld } from "../fakes/stripe/world.ts"

const day = 86_400
const cards: CardBehaviour[] = ["works", "insufficient_funds", "expired_card", "authentication_required", "works"]
const prices = ["price_starter_eur_month", "price_pro_eur_month", "price_pro_usd_year", "price_starter_usd_month"]

interface HistoryOptions {
  customers: number
  steps: number
  /** Seconds that the clock may move in one step. */
  stride: number
}

/** Plays a made-up but consistent history on an account of Stripe. */
export function playHistory(world: StripeWorld, draw: Faults, options: HistoryOptions): void {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(draw.random() * items.length)] as Item
  for (let index = 0; index < options.customers; index++) {
    const country = pick(["DE", "US", "SE"])
    const customer = world.createCustomer({ email: `c${index}@example.com`, name: `Customer ${index}`, country })
    world.subscribe({ customer: customer.id, price: pick(prices), trialDays: pick([0, 0, 0, 7]), card: "works" })
  }
  for (let step = 0; step < options.steps; step++) {
    if (draw.random() < 0.35) world.advanceClock(Math.floor(draw.random() * options.stride))
    const subscription = pick(world.all("subscription"))
    const customer = String(subscription.customer)
    const act = draw.random()
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
      if (charge && act < 0.95) world.refund(charge.id)
      else if (charge) world.dispute(charge.id)
    }
  }
}

/** A history of 120 days: its events in order, and the account's API as it stands at the end. */
export function playedHistory(options: { seed: number; customers: number; steps: number; until: Date }) {
  const draw = new Faults(options.seed)
  const log = new EventLog({ deliver: null, webhookSecret: "whsec_unused", livemode: false, faults: draw })
  const start = new Date(options.until.getTime() - 120 * day * 1000)
  const world = new StripeWorld({ log, hostedUrl: (id) => `https://pay.example.com/${id}`, wall: () => start })
  const ids = new Faults(options.seed)
  withDrawnIds(
    () => ids.random(),
    () => playHistory(world, draw, { ...options, stride: 9 * day }),
  )
  return {
    events: [...log.events],
    api: apiOf(world, options.until),
    world,
    shuffle: <Item>(items: Item[]) => draw.shuffle(items),
  }
}

/** What the account's API says, read from the world itself. */
export function apiOf(world: StripeWorld, at: Date): StripeApi {
  return {
    async retrieve(path) {
      const url = new URL(path, "https://api.stripe.com")
      if (url.pathname === "/v1/invoice_payments") {
        const paid = url.searchParams.get("payment[payment_intent]")
        if (paid) {
          const found = world.all("invoice_payment").filter(({ payment }) => payment.payment_intent === paid)
          const data = found.map((each) => ({ ...each, invoice: world.get(String(each.invoice)) }))
          return { object: structuredClone({ data }), at }
        }
        const payment = world.all("invoice_payment").find((each) => each.invoice === url.searchParams.get("invoice"))
        const intent = world.get(String(Reflect.get(Object(payment?.payment), "payment_intent")))
        const linked = payment && { ...payment, payment: { type: "payment_intent", payment_intent: intent } }
        return { object: { data: linked ? [linked] : [] }, at }
      }
      if (url.pathname === "/v1/refunds") {
        const data = world.all("refund").filter(({ charge }) => charge === url.searchParams.get("charge"))
        return { object: structuredClone({ data }), at }
      }
      const object = world.get(decodeURIComponent(url.pathname.split("/").at(-1) ?? ""))
      return object ? { object: structuredClone(object), at } : null
    },
  }
}
