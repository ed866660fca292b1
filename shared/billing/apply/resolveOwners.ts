import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { textArray } from "../../db/bulk.ts"
import type { StripeApi } from "../../vendors/stripe.ts"
import type { Owner } from "../snapshot.ts"
import { idOf } from "../stripe/read.ts"
import type { Lookups } from "./lookups.ts"
import type { ReadBatch, WorkItem } from "./readClaimed.ts"

const ownerKey = (owner: Owner) => `${owner.via}:${owner.id}`

/**
 * Finds the customer of events that only name a payment or an invoice: in the batch itself, in the database (one
 * statement), at last at Stripe. Where Stripe does not have it either, the event belongs to nobody and is ignored.
 */
export async function resolveOwners(
  ctx: Context<{ stripe: StripeApi }>,
  batch: ReadBatch,
  lookups: Lookups,
): Promise<void> {
  const known = new Map<string, string>()
  for (const { says, customer } of batch.items)
    for (const snapshot of says.snapshots) {
      const owner = snapshot.owner?.via === "customer" ? snapshot.owner.id : customer
      if (!owner) continue
      if (snapshot.table === "charges") known.set(`charge:${snapshot.id}`, owner)
      if (snapshot.table === "paymentIntents") known.set(`paymentIntent:${snapshot.id}`, owner)
      if (snapshot.table === "invoices") known.set(`invoice:${snapshot.id}`, owner)
    }

  const open = () => batch.items.filter((item) => item.says.owner !== null && item.customer === null)
  const settle = () => {
    for (const item of open()) item.customer = known.get(ownerKey(item.says.owner as Owner)) ?? null
  }
  settle()
  if (open().length === 0) return

  for (const [key, customer] of await ownersInDatabase(ctx, open())) known.set(key, customer)
  settle()
  const left = open()
  if (left.length === 0) return

  await Promise.all(left.map((item) => lookups.retrieve(pathOf(item.says.owner as Owner))))
  for (const item of left) {
    const owner = item.says.owner as Owner
    const found = lookups.result(pathOf(owner))
    if (found instanceof Error) batch.outcomes.set(item.event.id, { status: "failing", error: found })
    else {
      item.customer = found ? idOf(found.object, "customer") : null
      if (item.customer === null)
        batch.outcomes.set(item.event.id, {
          status: "ignored",
          reason: found
            ? `${owner.id} belongs to no customer.`
            : `Stripe does not have ${owner.id}, to which it belongs.`,
        })
    }
  }
  batch.items = batch.items.filter((item) => !batch.outcomes.has(item.event.id))
}

const pathOf = (owner: Owner): string => {
  const id = encodeURIComponent(owner.id)
  switch (owner.via) {
    case "customer":
      return `/v1/customers/${id}`
    case "charge":
      return `/v1/charges/${id}`
    case "paymentIntent":
      return `/v1/payment_intents/${id}`
    case "invoice":
      return `/v1/invoices/${id}`
  }
}

async function ownersInDatabase(ctx: Context, items: WorkItem[]): Promise<[string, string][]> {
  const ids = (via: Owner["via"]) =>
    textArray(items.flatMap(({ says }) => (says.owner?.via === via ? [says.owner.id] : [])))
  const found = await ctx.db.execute<{ key: string; customer: string }>(sql`
    select 'charge:' || t.id as key, c.stripe_id as customer
      from charges t join customers c on c.id = t.customer_id where t.id = any(${ids("charge")})
    union all
    select 'paymentIntent:' || t.id, c.stripe_id
      from payment_intents t join customers c on c.id = t.customer_id where t.id = any(${ids("paymentIntent")})
    union all
    select 'invoice:' || t.id, c.stripe_id
      from invoices t join customers c on c.id = t.customer_id where t.id = any(${ids("invoice")})`)
  return found.rows.map((row) => [row.key, row.customer])
}
