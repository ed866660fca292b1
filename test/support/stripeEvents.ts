import { sql } from "drizzle-orm"
import { applyStripeEvents } from "../../shared/billing/apply/applyStripeEvents.ts"
import type { Context } from "../../shared/context.ts"
import type { Database } from "../../shared/db/client.ts"
import type { Retrieved, StripeApi } from "../../shared/vendors/stripe.ts"
import { storeStripeEvent } from "../../shared/webhooks/storeStripeEvent.ts"
import { parseStripeEnvelope } from "../../shared/webhooks/stripeEnvelope.ts"

/** Stripe's API over objects that the test puts there. */
export function stripeWith(
  objects: Record<string, Record<string, unknown>> = {},
): StripeApi & { asked: string[]; fail: Error | null } {
  const asked: string[] = []
  const api = {
    asked,
    fail: null as Error | null,
    async retrieve(path: string): Promise<Retrieved | null> {
      asked.push(path)
      if (api.fail) throw api.fail
      const object = objects[path]
      return object ? { object, at: new Date("2026-01-01T00:00:00Z") } : null
    },
  }
  return api
}

export async function store(ctx: Context, events: object[]): Promise<string[]> {
  const ids: string[] = []
  for (const event of events) {
    const envelope = parseStripeEnvelope(event, false)
    await storeStripeEvent(ctx, { envelope, body: JSON.stringify(event), refusal: null })
    ids.push(envelope.id)
  }
  return ids
}

/** Stores and applies events in the given order, `size` to a batch: what has not been stored yet is no backlog. */
export async function play(
  ctx: Context<{ stripe: StripeApi }, "events" | "emails">,
  events: object[],
  size = 100,
): Promise<void> {
  for (let start = 0; start < events.length; start += size)
    await applyStripeEvents(ctx, { ids: await store(ctx, events.slice(start, start + size)) })
}

export async function statuses(db: Database): Promise<Record<string, string>> {
  const found = await db.execute<{ id: string; status: string; reason: string | null }>(
    sql`select id, status, reason from stripe_events`,
  )
  return Object.fromEntries(found.rows.map((row) => [row.id, row.reason ? `${row.status}: ${row.reason}` : row.status]))
}
