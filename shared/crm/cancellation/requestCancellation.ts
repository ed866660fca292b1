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
import { type CancellationVendors, carryOutCancellation } from "./carryOutCancellation.ts"

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
  /** Made by the caller, so that asking twice is asking once. */
  requestKey: string
  reason: (typeof cancellationReasons)[number]
  comment?: string | undefined
  decision: CancellationDecision
}

/** How long the first attempt has before the sweep takes over. */
const firstAttemptMilliseconds = 120_000
const ended = ["canceled", "incomplete_expired"]
const known = z.object({ status: z.string() })

/**
 * Records why a customer wants to leave and what was agreed, then tells Stripe. What was recorded is carried out even
 * if this process dies now. Throws `not_found`, `conflict` for a subscription that has ended or when Stripe refuses.
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
  const requestKey = `${actorName(ctx.actor)}:${input.requestKey}`
  const mine = sql`exists (select from cancellations where id = ${id})`
  const kind = decision.action === "cancel" ? "cancellation.requested" : "offer.accepted"
  const results = await batch(ctx.db, [
    sql`select status from subscriptions where id = ${subscriptionId}`,
    sql`insert into cancellations (id, request_key, customer_id, subscription_id, reason, comment, action, coupon,
        resumes_at, status, created_at, attempts, next_attempt_at)
      select ${id}, ${requestKey}, customer_id, id, ${reason}, ${comment}, ${decision.action}, ${coupon},
        ${resumesAt}::timestamptz, 'pending', ${at}, 1, ${new Date(now.getTime() + firstAttemptMilliseconds).toISOString()}
      from subscriptions where id = ${subscriptionId} and status <> all (${sql.param(ended)}::text[])
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
    sql`select ${cancellationColumns} from cancellations x
      where x.subscription_id = ${subscriptionId} and x.request_key = ${requestKey}`,
  ])
  const subscription = results[0]?.rows[0]
  if (!subscription) throw new AppError("not_found", "There is no such subscription.")
  const row = results.at(-1)?.rows[0]
  if (!row) {
    const { status } = known.parse(subscription)
    throw new AppError("conflict", `The subscription has ended already; its status is ${status}.`)
  }
  const cancellation = cancellationRecord.parse(row)
  if (cancellation.id !== id) return cancellation
  const { status, error } = await carryOutCancellation(ctx, cancellation, 1)
  if (status === "failed") throw new AppError("conflict", `It is recorded, but Stripe refuses it. ${error}`)
  return { ...cancellation, status, doneAt: status === "done" ? ctx.now().toISOString() : null }
}
