import { randomUUID } from "node:crypto"
import { type SQL, sql } from "drizzle-orm"
import { type LoadedAutomation, parseAutomation, selectAutomation } from "../../shared/automation/loadAutomation.ts"
import { type AutomationPlan, planAutomation } from "../../shared/automation/planAutomation.ts"
import { writeAutomation } from "../../shared/automation/writeAutomation.ts"
import type { Change } from "../../shared/billing/change.ts"
import { idsOfCustomers } from "../../shared/billing/idsOfCustomers.ts"
import { parseFacts, selectFacts } from "../../shared/billing/selectFacts.ts"
import { batch } from "../../shared/db/batch.ts"
import type { Database } from "../../shared/db/client.ts"
import { noon } from "./samples.ts"

export async function insertCustomer(db: Database, input: { tags?: string[]; stripeId?: string } = {}) {
  const id = randomUUID()
  const stripeId = input.stripeId ?? `cus_${id}`
  await db.execute(sql`
    insert into customers (id, stripe_id, email, tags, created_at, synced_at, synced_order, digest)
    values (${id}, ${stripeId}, ${`${id}@example.com`}, ${sql.param(input.tags ?? [])}::text[], ${noon.toISOString()}, ${noon.toISOString()}, '', '')`)
  return { id, stripeId }
}

export async function insertInvoice(db: Database, input: { customerId: string; id: string; status: string }) {
  await db.execute(sql`
    insert into invoices (id, customer_id, status, currency, total, subtotal, tax, amount_due, amount_paid, amount_remaining, attempt_count, relevant, created_at, synced_at, synced_order, digest)
    values (${input.id}, ${input.customerId}, ${input.status}, 'eur', 1190, 1190, 0, 1190, 0, 1190, 1, true, ${noon.toISOString()}, ${noon.toISOString()}, '', '')`)
}

export async function load(db: Database, customerStripeIds: string[]): Promise<LoadedAutomation> {
  const [, ...rows] = await db.batch([
    db.execute(sql`select 1`),
    ...selectAutomation(db, idsOfCustomers(customerStripeIds)),
  ])
  return parseAutomation(rows)
}

export async function plan(
  db: Database,
  customer: { id: string; stripeId: string },
  changes: Change[],
  now = noon,
): Promise<AutomationPlan> {
  const automation = await load(db, [customer.stripeId])
  const ids = {
    customerIds: [customer.id],
    subscriptionIds: changes.flatMap((change) => change.subscriptionId ?? []),
    invoiceIds: changes.flatMap((change) => change.invoiceId ?? []),
  }
  const [, ...rows] = await db.batch([db.execute(sql`select 1`), ...selectFacts(db, ids)])
  return planAutomation({ now, newId: randomUUID, brandTimeZone: "UTC", automation, changes, ...parseFacts(rows) })
}

export const write = (db: Database, made: AutomationPlan) => batch(db, writeAutomation(made))

/** Loads, plans and writes, as the consumer of events does. */
export async function apply(
  db: Database,
  customer: { id: string; stripeId: string },
  changes: Change[],
  now = noon,
): Promise<AutomationPlan> {
  const made = await plan(db, customer, changes, now)
  await write(db, made)
  return made
}

export const rows = async (db: Database, query: SQL) => (await db.execute(query)).rows
