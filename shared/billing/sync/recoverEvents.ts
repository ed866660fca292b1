import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { jsonb, textArray } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import type { StripeApi } from "../../vendors/stripe.ts"
import type { ListQuery, StripeLists } from "../../vendors/stripeLists.ts"
import { parseStripeEnvelope } from "../../webhooks/stripeEnvelope.ts"
import { applyStripeEvents } from "../apply/applyStripeEvents.ts"
import { hasEffect } from "../events/interpretEvent.ts"
import { type EventsPlace, eventsPage, eventsPlace } from "./eventsPage.ts"
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
/** Applied at once; as many are kept before they are. */
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

const cursorOf = z.catch(
  z.nullable(
    z.object({
      /** The second that it began with. */
      start: z.number(),
      place: eventsPlace,
      /** Whether all is read, and only not applied yet. */
      read: z.boolean(),
      counts: z.object({ read: z.number(), recovered: z.number() }),
    }),
  ),
  null,
)
type EventsCursor = NonNullable<z.infer<typeof cursorOf>>

interface Recovering {
  limit: StripeLimit
  /** Also those whose webhook may still be on its way: they count as recovered until it comes. */
  all?: boolean
  /** Where an earlier part stopped. */
  cursor?: unknown
  /** When to stop though there is more. */
  until?: Date
  /** Keeps how far it has come, page by page. */
  keep?: (cursor: unknown, counts: { read: number; recovered: number }) => Promise<void>
}

/**
 * Reads the events that Stripe has made since the last time, oldest first, keeps those that no webhook brought, and applies
 * them in the order in which they happened. With a cursor there is more to do.
 */
export async function recoverEvents(
  ctx: RecoverContext,
  input: Recovering,
): Promise<{ read: number; recovered: number; cursor: unknown }> {
  const { limit, all = false, until, keep } = input
  const cursor = cursorOf.parse(input.cursor) ?? (await begin(ctx))
  const { counts } = cursor
  const alive = async () => keep?.(cursor, counts)
  const isOver = () => until !== undefined && ctx.now() >= until
  // What was kept by whoever stopped, or died, comes first.
  let waiting = input.cursor ? applied : 0
  let pages = 0
  for (;;) {
    if (waiting >= applied || (cursor.read && waiting > 0)) {
      if (!(await applyInOrder(ctx, cursor.start, { alive, isOver }))) return { ...counts, cursor }
      waiting = 0
    }
    if (cursor.read) return { ...counts, cursor: null }
    if (isOver()) return { ...counts, cursor }
    const page = await readPage(ctx, limit, cursor.place, { alive, isOver })
    if (!page && pages === 0)
      throw new AppError("vendor_unavailable", "Stripe did not let events be read for as long as there was time.")
    if (!page) return { ...counts, cursor }
    pages++
    const stored = await storeMissing(ctx, page.events, all)
    counts.read += page.events.length
    counts.recovered += stored
    waiting += stored
    cursor.place = page.place
    cursor.read = page.done
    // Also what somebody died over who had no cursor to keep.
    if (page.done) waiting = applied
    await alive()
  }
}

async function begin(ctx: Context): Promise<EventsCursor> {
  const since = await startOf(ctx)
  const horizon = ctx.now().getTime() - keptMilliseconds
  const start = Math.floor(Math.max(since.getTime() - overlapMilliseconds, horizon) / 1000)
  return { start, place: { from: start, last: null, until: null }, read: false, counts: { read: 0, recovered: 0 } }
}

interface Attended {
  alive: () => Promise<void>
  isOver: () => boolean
}

/** Null where Stripe lets us wait for longer than there is time. */
function readPage(ctx: RecoverContext, limit: StripeLimit, place: EventsPlace, { alive, isOver }: Attended) {
  const list = (query: ListQuery) => {
    let attempts = 0
    return limit.run(async () => {
      if (attempts++ > 0) {
        await alive()
        if (isOver()) return null
      }
      return ctx.vendors.lists.page("/v1/events", query)
    })
  }
  return eventsPage(list, place)
}

/** How many events have been kept since then whose webhook has not come to this day. */
export async function countRecovered(ctx: Context, since: Date): Promise<number> {
  const found = await ctx.db.execute<{ events: number }>(sql`
    select count(*)::int as events from stripe_events where origin = 'recovered' and received_at >= ${since.toISOString()}`)
  return found.rows[0]?.events ?? 0
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

/**
 * What nobody has applied yet, in the order in which it happened: what was kept just now, and what somebody died over.
 * Returns whether there was time for all of it.
 */
async function applyInOrder(ctx: RecoverContext, start: number, { alive, isOver }: Attended): Promise<boolean> {
  const free = () => sql`status = 'received' and (attempts = 0 or next_attempt_at <= ${ctx.now().toISOString()})`
  const found = await ctx.db.execute<{ id: string }>(sql`
    select id from stripe_events where ${free()} and (origin = 'recovered' or created_at >= to_timestamp(${start}))
    order by created_at, id`)
  for (let at = 0; at < found.rows.length; at += applied) {
    if (isOver()) return false
    const ids = found.rows.slice(at, at + applied).map(({ id }) => id)
    await ctx.db.execute(sql`
      update stripe_events set next_attempt_at = ${ctx.now().toISOString()}
      where id = any(${textArray(ids)}) and ${free()}`)
    await applyStripeEvents(ctx, { ids })
    await alive()
  }
  return true
}

/** Keeps events that we do not have and that would have an effect, and how far they reach. Returns how many it kept. */
async function storeMissing(ctx: Context, events: Record<string, unknown>[], all: boolean): Promise<number> {
  const now = ctx.now()
  const last = events.at(-1)
  if (!last) return 0
  const rows = events.flatMap((event) => {
    const envelope = parseStripeEnvelope(event, true)
    const isYoung = Math.abs(now.getTime() - envelope.createdAt.getTime()) < onItsWayMilliseconds
    if (!hasEffect(envelope.type) || envelope.account || (isYoung && !all)) return []
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
      origin: "recovered",
      status: "received",
      attempts: 0,
      next_attempt_at: new Date(now.getTime() + heldMilliseconds).toISOString(),
    }
  })
  const [kept] = await batch(ctx.db, [
    sql`insert into stripe_events (id, type, api_version, livemode, created_at, received_at, payload, object_id, stripe_customer_id, origin,
        status, attempts, next_attempt_at)
      select r.id, r.type, r.api_version, r.livemode, r.created_at, r.received_at, r.payload, r.object_id, r.stripe_customer_id, r.origin,
        r.status, r.attempts, r.next_attempt_at
      from jsonb_populate_recordset(null::stripe_events, ${jsonb(rows)}) as r
      where not exists (select from stripe_events e where e.id = r.id)
      on conflict (id) do nothing`,
    sql`insert into sync_positions as p (name, position, updated_at)
      values ('stripe-events', to_timestamp(${Number(last.created)}), ${now.toISOString()})
      on conflict (name) do update set position = greatest(p.position, excluded.position), updated_at = excluded.updated_at`,
  ])
  return kept?.rowCount ?? 0
}
