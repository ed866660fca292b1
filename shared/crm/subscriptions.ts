import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { isoTime } from "./isoTime.ts"
import { keysetPage, type PageInput } from "./keysetPage.ts"
import { oneRecord } from "./oneRecord.ts"
import { subscriptionRecord } from "./records.ts"

const columns: SQL = sql`
  s.id, s.customer_id as "customerId", s.status, s.currency, s.cancel_at_period_end as "cancelAtPeriodEnd",
  ${isoTime(sql`s.current_period_end`)} as "currentPeriodEnd", ${isoTime(sql`s.trial_end`)} as "trialEnd",
  ${isoTime(sql`s.canceled_at`)} as "canceledAt", ${isoTime(sql`s.ended_at`)} as "endedAt",
  ${isoTime(sql`s.pause_resumes_at`)} as "pauseResumesAt", s.pause_behavior is not null as paused,
  ${isoTime(sql`s.started_at`)} as "startedAt",
  (select coalesce(jsonb_agg(jsonb_build_object('id', i.id, 'priceId', i.price_id, 'productId', i.product_id,
      'quantity', i.quantity, 'unitAmount', i.unit_amount, 'currency', i.currency, 'interval', i.interval,
      'intervalCount', i.interval_count) order by i.id), '[]')
    from subscription_items i where i.subscription_id = s.id) as items`

/** The subscriptions of one customer, newest first; a customer who is not there has none. */
export async function listSubscriptions(
  ctx: Context,
  input: PageInput & { customerId: string; status?: string | undefined },
) {
  requirePermission(ctx, "billing:read")
  const where = [sql`s.customer_id = ${input.customerId}`]
  if (input.status) where.push(sql`s.status = ${input.status}`)
  return keysetPage(
    ctx,
    {
      columns,
      from: sql`subscriptions s`,
      where,
      at: sql`s.started_at`,
      id: sql`s.id`,
      idType: "text",
      record: subscriptionRecord,
    },
    input,
  )
}

export async function getSubscription(ctx: Context, input: { id: string }) {
  requirePermission(ctx, "billing:read")
  return oneRecord(
    ctx,
    sql`select ${columns} from subscriptions s where s.id = ${input.id}`,
    subscriptionRecord,
    "subscription",
  )
}
