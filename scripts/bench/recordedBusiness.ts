import { Faults } from "../../test/fakes/faults/faults.ts"
import { EventLog } from "../../test/fakes/stripe/eventLog.ts"
import type { StripeEvent } from "../../test/fakes/stripe/wire.ts"
import { StripeWorld } from "../../test/fakes/stripe/world.ts"

const day = 86_400
/** Events of one customer in three months, about: 15 to subscribe, 9 for each renewal. */
const eventsPerCustomer = 37

export interface RecordedBusiness {
  world: StripeWorld
  /** At least as many as asked for, in order. */
  events: StripeEvent[]
}

/**
 * What Stripe sends for a business of three months: its customers subscribe over the first, renew in the other two, and
 * one in ten has a card that fails from then on.
 */
export function recordedBusiness(options: { events: number }): RecordedBusiness {
  const log = new EventLog({ deliver: null, webhookSecret: "whsec_unused", livemode: false, faults: new Faults(1) })
  const start = new Date(Date.now() - 91 * day * 1000)
  const world = new StripeWorld({ log, hostedUrl: (id) => `https://pay.example.com/${id}`, wall: () => start })
  const products = [...log.events]
  const customers = Math.ceil(options.events / eventsPerCustomer)
  for (let index = 0; index < customers; index++) {
    const customer = world.createCustomer({ email: `b${index}@example.com`, name: `Bench ${index}`, country: "DE" })
    world.subscribe({ customer: customer.id, price: "price_starter_eur_month", card: "works" })
    if (index % 10 === 0) world.setCard(customer.id, "insufficient_funds")
    world.advanceClock(Math.floor((30 * day) / customers))
  }
  for (let days = 0; days < 60; days++) world.advanceClock(day)
  return { world, events: [...products, ...log.events.slice(products.length)] }
}
