import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { jsonb } from "../../db/bulk.ts"
import { AppError } from "../../errors.ts"
import { actorName } from "../../staff/actorName.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { cancellationRecord } from "../records.ts"
import { cancellationColumns } from "./cancellationColumns.ts"
import { type CancellationVendors, carryOutCancellation, leaseEnd } from "./carryOutCancellation.ts"

/** Stripe's own list, so that its reports say the same. */
export const cancellationReasons = [
  "customer_service",
  "low_quality",
  "missing_features",
  "other",
  "switched_service",
  "too_complex",
  "too_expensive",
  "unused",
] as const

export type CancellationDecision =
  | { action: "cancel" }
  | { action: "pause"; resumesAt: string }
  | { action: "coupon"; coupon: string }

export interface CancellationRequest {
  subscriptionId: string
  /**
   * Made by the caller, so that asking twice is asking once. Null: the same decision again within ten minutes is the
   * same request.
   */
  requestKey: string | null
  reason: (typeof cancellationReasons)[number]
  comment?: string | undefined
  decision: CancellationDecision
}

const repeatedWithinMilliseconds = 600_000
const ended = ["canceled", "incomplete_expired"]
const known = z.object({ status: z.string(), discounted: z.boolean() })
const kept = z.object({ leased: z.boolean() })

/**
 * Records why a customer wants to leave and what was agreed, then tells Stripe. What was recorded is carried out even
 * if this process dies now. Throws `not_found`, `conflict` for a subscription that has ended, for a coupon where there is
 * a discount that it would take the place of, or when Stripe refuses.
 */
export async function requestCancellation(ctx: Context<CancellationVendors>, input: CancellationRequest) {
  requirePermission(ctx, "billing:write")
  const { subscriptionId, reason, comment = null, decision } = input
  const coupon = decision.action === "coupon" ? decision.coupon : null
  const resumesAt = decision.action === "pause" ? decision.resumesAt : null
  const id = crypto.randomUUID()
  const now = ctx.now()
  const at = now.toISOString()
  if (resumesAt && new Date(resumesAt) <= now) throw new AppError("bad_request", "`resumesAt` lies in the past.")
  const caller = actorName(ctx.actor)
  const requestKey = `${caller}:${input.requestKey ?? id}`
  const mine = sql`exists (select from cancellations where id = ${id})`
  const discounted = sql`exists (
    select from jsonb_array_elements(s.discounts) as d where d ->> 'coupon' is distinct from ${coupon}
      and (d ->> 'end' is null or (d ->> 'end')::timestamptz > ${at}::timestamptz))`
  const newest = sql`select * from cancellations where subscription_id = ${subscriptionId} order by created_at desc, id desc limit 1`
  const repeated = sql`select x.id from (${newest}) as x
    where ${input.requestKey === null}::boolean and x.id <> ${id} and x.request_key like ${`${caller}:%`} and x.status in ('pending', 'done')
      and x.created_at > ${new Date(now.getTime() - repeatedWithinMilliseconds).toISOString()}
      and (x.action, x.reason, x.comment, x.coupon, x.resumes_at) is not distinct from
        (${decision.action}, ${reason}, ${comment}::text, ${coupon}::text, ${resumesAt}::timestamptz)`
  const kind = decision.action === "cancel" ? "cancellation.requested" : "offer.accepted"
  const results = await batch(ctx.db, [
    // One decision after the other, and none past whoever is about to tell Stripe of an earlier one.
    sql`select status, ${discounted} as discounted from subscriptions s where id = ${subscriptionId} for no key update`,
    sql`select from cancellations where subscription_id = ${subscriptionId} and status = 'pending' for update`,
    sql`insert into cancellations (id, request_key, customer_id, subscription_id, reason, comment, action, coupon,
        resumes_at, status, created_at, attempts, next_attempt_at, lease_until)
      select ${id}, ${requestKey}, customer_id, s.id, ${reason}, ${comment}, ${decision.action}, ${coupon},
        ${resumesAt}::timestamptz, 'pending', ${at}, 1, coalesce(other.lease_until, ${leaseEnd(now)}::timestamptz),
        case when other.lease_until is null then ${leaseEnd(now)}::timestamptz end
      from subscriptions s
      left join lateral (
        select max(lease_until) as lease_until from cancellations where subscription_id = s.id and lease_until > ${at}) as other on true
      where s.id = ${subscriptionId} and s.status <> all (${sql.param(ended)}::text[])
        and not (${coupon}::text is not null and ${discounted}) and not exists (${repeated})
      on conflict (subscription_id, request_key) do nothing`,
    sql`update cancellations set status = 'superseded'
      where subscription_id = ${subscriptionId} and status = 'pending' and id <> ${id} and ${mine}`,
    sql`insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
      select 'cancellation:' || id, customer_id, created_at, ${kind}, ${jsonb({ subscriptionId, reason, comment, ...decision })},
        'api', id::text from cancellations where id = ${id} on conflict (key) do nothing`,
    auditEntry(ctx, {
      action: `subscription.${kind}`,
      subject: { type: "subscription", id: subscriptionId },
      after: { reason, ...decision },
      where: mine,
    }),
    sql`select ${cancellationColumns}, x.lease_until is not null as leased from cancellations x
      where x.subscription_id = ${subscriptionId} and (x.request_key = ${requestKey} or x.id in (${repeated}))`,
  ])
  const subscription = results[0]?.rows[0]
  if (!subscription) throw new AppError("not_found", "There is no such subscription.")
  const row = results.at(-1)?.rows[0]
  if (!row) {
    const { status, discounted: hasDiscount } = known.parse(subscription)
    if (coupon !== null && hasDiscount && !ended.includes(status))
      throw new AppError(
        "conflict",
        "The subscription has a discount already, and a coupon would take its place. Offer a pause, or end the discount in Stripe first.",
      )
    throw new AppError("conflict", `The subscription has ended already; its status is ${status}.`)
  }
  const cancellation = cancellationRecord.parse(row)
  // Whoever is telling Stripe of an earlier decision comes first; the sweep goes on with this one.
  if (cancellation.id !== id || !kept.parse(row).leased) return cancellation
  const { status, error } = await carryOutCancellation(ctx, cancellation, 1)
  if (status === "failed") throw new AppError("conflict", `It is recorded, but Stripe refuses it. ${error}`)
  return { ...cancellation, status, doneAt: status === "done" ? ctx.now().toISOString() : null }
}
