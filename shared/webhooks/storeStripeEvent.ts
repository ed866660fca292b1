import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { StripeEnvelope } from "./stripeEnvelope.ts"

/** Why an event can have no effect here whatever it says, or null. */
export function refusalReason(
  envelope: StripeEnvelope,
  expected: { livemode: boolean; account: string | null },
): string | null {
  if (envelope.livemode !== expected.livemode)
    return `A ${envelope.livemode ? "live" : "test"} event on a ${expected.livemode ? "live" : "test"} stage.`
  if (envelope.account && envelope.account !== expected.account)
    return `An event of the account ${envelope.account}, not of ${expected.account ?? "our own; STRIPE_ACCOUNT_ID names the one to accept"}.`
  if (envelope.thin) return "A thin event carries no object; its snapshot twin is the one applied."
  return null
}

/**
 * Keeps an event as sent, in one statement. Returns what became of it: `stored` is work to do, `refused` is kept with
 * its reason and has no effect, `duplicate` is known already: of one that was fetched because it had not come, it has now.
 */
export async function storeStripeEvent(
  ctx: Context,
  input: { envelope: StripeEnvelope; body: string; refusal: string | null },
): Promise<"stored" | "refused" | "duplicate"> {
  const { envelope, body, refusal } = input
  const now = ctx.now().toISOString()
  const kept = await ctx.db.execute<{ inserted: boolean }>(sql`
    insert into stripe_events
      (id, type, api_version, livemode, account, created_at, received_at, payload, object_id, stripe_customer_id, status, reason, next_attempt_at)
    values (${envelope.id}, ${envelope.type}, ${envelope.apiVersion}, ${envelope.livemode}, ${envelope.account},
      ${envelope.createdAt.toISOString()}, ${now}, ${body}, ${envelope.objectId}, ${envelope.customerId},
      ${refusal ? "ignored" : "received"}, ${refusal}, ${now})
    on conflict (id) do update set origin = excluded.origin where stripe_events.origin = 'recovered'
    returning (xmax = 0) as inserted`)
  if (kept.rows[0]?.inserted !== true) return "duplicate"
  return refusal ? "refused" : "stored"
}
