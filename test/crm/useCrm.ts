import { sql } from "drizzle-orm"
import { createApiKey } from "../../shared/apiKeys/createApiKey.ts"
import { type Permission, permissions } from "../../shared/staff/roles.ts"
import { testContext } from "../support/testContext.ts"
import { useDatabase } from "../support/useDatabase.ts"
import { useWorkers } from "../support/useWorkers.ts"

/** The CRM Worker in workerd with Stripe's stand-in behind it, and a way to ask it with a key. */
export function useCrm(names: ("crm" | "webhooks")[] = ["crm"]) {
  const database = useDatabase()
  const workers = useWorkers(database, names)
  const { db } = database
  const now = new Date()
  const ctx = testContext({ db, now, vendors: {}, actor: { kind: "job", name: "test" } })

  async function key(scopes: readonly Permission[] = permissions, ratePerMinute = 10_000) {
    return createApiKey(ctx, { name: "Website", scopes: [...scopes], ratePerMinute })
  }
  let whole: string | undefined

  async function ask(
    method: string,
    path: string,
    options: { body?: unknown; raw?: string; key?: string | null; headers?: Record<string, string> } = {},
  ) {
    whole ??= (await key()).key
    const { body, raw = body === undefined ? undefined : JSON.stringify(body), headers = {} } = options
    const bearer = options.key === undefined ? whole : options.key
    const response = await workers.fetch("crm", path, {
      method,
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(raw !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(raw !== undefined && { body: raw }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, body: text ? JSON.parse(text) : null }
  }

  /** A customer with a running subscription, a note on the timeline and an enrolment, as rows. */
  async function customer(stripe: { subscriptionId?: string; email?: string } = {}) {
    const id = crypto.randomUUID()
    const subscriptionId = stripe.subscriptionId ?? `sub_${id}`
    const enrolmentId = crypto.randomUUID()
    const stamp = sql`now(), '', ''`
    await db.batch([
      db.execute(sql`insert into customers (id, stripe_id, email, name, created_at, synced_at, synced_order, digest)
        values (${id}, ${`cus_${id}`}, ${stripe.email ?? `${id}@example.com`}, '<b>Ada</b>', now(), ${stamp})`),
      db.execute(sql`insert into subscriptions (id, customer_id, status, currency, relevant, cancel_at_period_end, started_at, synced_at, synced_order, digest)
        values (${subscriptionId}, ${id}, 'active', 'eur', true, false, now(), ${stamp})`),
      db.execute(sql`insert into timeline_entries (key, customer_id, occurred_at, kind, data, source)
        values (${`test:${id}`}, ${id}, now(), 'test.told', '{}', 'job')`),
      db.execute(sql`insert into enrolments (id, sequence_id, customer_id, subject_id, rule_id, rule_version, change_key, change_data, started_at, status)
        values (${enrolmentId}, 'onboarding', ${id}, ${id}, 'test', 1, ${id}, '{}', now(), 'active')`),
    ])
    return { id, subscriptionId, enrolmentId }
  }

  return { database, db, workers, ctx, key, ask, customer }
}
