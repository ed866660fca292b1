import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { jsonb, textArray } from "../../db/bulk.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import type { StripeApi } from "../../vendors/stripe.ts"
import type { StripeLists } from "../../vendors/stripeLists.ts"
import { parseStripeEnvelope } from "../../webhooks/stripeEnvelope.ts"
import { applyStripeEvents } from "../apply/applyStripeEvents.ts"
import { hasEffect } from "../events/interpretEvent.ts"
import type { StripeLimit } from "./stripeLimit.ts"

type RecoverContext = Context<{ stripe: StripeApi; lists: StripeLists }, "emails">

/** Read again each time: events appear in Stripe's list a little after they are made. */
const overlapMilliseconds = 10 * 60_000
/** Stripe keeps events for 30 days. */
const keptMilliseconds = 30 * 86_400_000
/** So young an event's webhook may still be on its way. */
const onItsWayMilliseconds = 2 * 60_000
/** Nobody else applies them meanwhile: they are applied together, in order. */
const heldMilliseconds = 5 * 60_000
const applied = 500

const position = sql`coalesce(
  (select position from sync_positions where name = 'stripe-events'), (select min(created_at) - interval '1 hour' from jobs), now() - interval '1 hour')`

/** From when on what happens is Ops HQ's to react to: an hour before it first ran, and no longer ago than Stripe tells. */
export async function newsSince(ctx: Context): Promise<Date> {
  const found = await ctx.db.execute<{ at: string | null }>(
    sql`select min(created_at) - interval '1 hour' as at from jobs`,
  )
  const horizon = ctx.now().getTime() - keptMilliseconds
  const at = found.rows[0]?.at
  return new Date(Math.max(horizon, at ? new Date(at).getTime() : ctx.now().getTime() - 3_600_000))
}

/**
 * Reads the events that Stripe has made since the last time, keeps those that no webhook brought, and applies them in the
 * order in which they happened. `all`: also those whose webhook may still be on its way; they do not count as recovered.
 */
export async function recoverEvents(
  ctx: RecoverContext,
  input: { limit: StripeLimit; all?: boolean; since?: Date; alive?: () => Promise<void> },
): Promise<{ read: number; recovered: number }> {
  const { limit, all = false, alive } = input
  const since = input.since ?? (await startOf(ctx))
  const gte = Math.floor(Math.max(since.getTime() - overlapMilliseconds, ctx.now().getTime() - keptMilliseconds) / 1000)
  let read = 0
  let newest: Date | null = null
  let recovered = 0
  for (let after: string | undefined; ; ) {
    const query = { limit: 100, created: { gte }, ...(after !== undefined && { starting_after: after }) }
    const page = await limit.run(() => ctx.vendors.lists.page("/v1/events", query))
    read += page.data.length
    newest ??= page.data[0] ? new Date(Number(page.data[0].created) * 1000) : null
    recovered += await storeMissing(ctx, page.data, all)
    await alive?.()
    const last = page.data.at(-1)
    if (!page.hasMore || !last) break
    after = String(last.id)
  }
  await applyInOrder(ctx, gte, alive)
  if (newest && !input.since)
    await ctx.db.execute(sql`
      insert into sync_positions as p (name, position, updated_at) values ('stripe-events', ${newest.toISOString()}, ${ctx.now().toISOString()})
      on conflict (name) do update set position = greatest(p.position, excluded.position), updated_at = excluded.updated_at`)
  return { read, recovered }
}

/** Tells staff once a day where webhooks do not come. */
export async function noteMissedEvents(ctx: Context, recovered: number): Promise<void> {
  const { sync } = parseSettings(await selectSettings(ctx.db))
  if (recovered > sync.mostDifferences)
    await ctx.db.execute(
      notifyStaff(ctx, {
        key: `missed-events:${ctx.now().toISOString().slice(0, 10)}`,
        message: `The webhooks of ${recovered} events of Stripe never came. They are applied now; look at the webhook endpoint in Stripe.`,
      }),
    )
}

async function startOf(ctx: Context): Promise<Date> {
  const found = await ctx.db.execute<{ at: string }>(sql`select ${position} as at`)
  return new Date(found.rows[0]?.at ?? ctx.now())
}

/** What nobody has applied yet, in the order in which it happened: what was kept just now, and what somebody died over. */
async function applyInOrder(ctx: RecoverContext, gte: number, alive?: () => Promise<void>): Promise<void> {
  const untouched = sql`status = 'received' and attempts = 0`
  const found = await ctx.db.execute<{ id: string }>(sql`
    select id from stripe_events where ${untouched} and created_at >= to_timestamp(${gte}) order by created_at, id`)
  for (let start = 0; start < found.rows.length; start += applied) {
    const ids = found.rows.slice(start, start + applied).map(({ id }) => id)
    await ctx.db.execute(sql`
      update stripe_events set next_attempt_at = ${ctx.now().toISOString()}
      where id = any(${textArray(ids)}) and ${untouched}`)
    await applyStripeEvents(ctx, { ids })
    await alive?.()
  }
}

/** Keeps events that we do not have and that would have an effect. Returns how many webhooks should have brought long ago. */
async function storeMissing(ctx: Context, events: Record<string, unknown>[], all: boolean): Promise<number> {
  const now = ctx.now()
  const isYoung = (createdAt: Date) => Math.abs(now.getTime() - createdAt.getTime()) < onItsWayMilliseconds
  const rows = events.flatMap((event) => {
    const envelope = parseStripeEnvelope(event, true)
    if (!hasEffect(envelope.type) || envelope.account || (isYoung(envelope.createdAt) && !all)) return []
    return {
      id: envelope.id,
      type: envelope.type,
      api_version: envelope.apiVersion,
      livemode: envelope.livemode,
      created_at: envelope.createdAt.toISOString(),
      received_at: now.toISOString(),
      payload: JSON.stringify(event),
      object_id: envelope.objectId,
      stripe_customer_id: envelope.customerId,
      origin: isYoung(envelope.createdAt) ? "webhook" : "recovered",
      status: "received",
      attempts: 0,
      next_attempt_at: new Date(now.getTime() + heldMilliseconds).toISOString(),
    }
  })
  if (rows.length === 0) return 0
  const kept = await ctx.db.execute<{ origin: string }>(sql`
    insert into stripe_events (id, type, api_version, livemode, created_at, received_at, payload, object_id, stripe_customer_id, origin,
      status, attempts, next_attempt_at)
    select r.id, r.type, r.api_version, r.livemode, r.created_at, r.received_at, r.payload, r.object_id, r.stripe_customer_id, r.origin,
      r.status, r.attempts, r.next_attempt_at
    from jsonb_populate_recordset(null::stripe_events, ${jsonb(rows)}) as r
    where not exists (select from stripe_events e where e.id = r.id)
    on conflict (id) do nothing returning origin`)
  return kept.rows.filter(({ origin }) => origin === "recovered").length
}
