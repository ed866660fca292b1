import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import {
  charges,
  customers,
  disputes,
  invoices,
  paymentMethods,
  refunds,
  stageHistory,
  subscriptionItems,
  subscriptions,
} from "../db/schema/billing.ts"
import { customerMrr, customerNotes } from "../db/schema/customers.ts"
import { AppError } from "../errors.ts"
import { isPermitted, requirePermission } from "../staff/requirePermission.ts"
import { selectTimeline, timelineOf } from "./customerTimeline.ts"

/** Rows of each kind shown at most; the newest. */
const shown = 20

export type CustomerProfile = Awaited<ReturnType<typeof customerProfile>>

/** Everything about one customer, in one round trip. Throws `not_found`. */
export async function customerProfile(ctx: Context, input: { id: string; timelineKind?: string; before?: string }) {
  requirePermission(ctx, "customers:read")
  const { db } = ctx
  const { id } = input
  const [
    [customer],
    stages,
    subscriptionRows,
    itemRows,
    mrr,
    invoiceRows,
    owed,
    chargeRows,
    refundRows,
    disputeRows,
    methods,
    notes,
    mails,
    enrolments,
    suppressions,
    timeline,
    kinds,
    tickets,
  ] = await db.batch([
    db.select().from(customers).where(sql`${customers.id} = ${id}`),
    db.select().from(stageHistory).where(sql`${stageHistory.customerId} = ${id}`).orderBy(sql`since desc`).limit(shown),
    db
      .select()
      .from(subscriptions)
      .where(sql`${subscriptions.customerId} = ${id}`)
      .orderBy(sql`ended_at desc nulls first, started_at desc`)
      .limit(shown),
    db
      .select({
        subscriptionId: subscriptionItems.subscriptionId,
        product: sql<string | null>`(select name from products p where p.id = ${subscriptionItems.productId})`,
        productId: subscriptionItems.productId,
        quantity: subscriptionItems.quantity,
        currency: subscriptionItems.currency,
        unitAmount: subscriptionItems.unitAmount,
        interval: subscriptionItems.interval,
        intervalCount: subscriptionItems.intervalCount,
      })
      .from(subscriptionItems)
      .where(
        sql`${subscriptionItems.subscriptionId} = any(array(select id from subscriptions where customer_id = ${id}))`,
      ),
    db.select().from(customerMrr).where(sql`${customerMrr.customerId} = ${id}`).orderBy(sql`amount desc`),
    db.select().from(invoices).where(sql`${invoices.customerId} = ${id}`).orderBy(sql`created_at desc`).limit(shown),
    db.execute<{ currency: string; amount: string }>(sql`
      select currency, sum(amount_remaining)::text as amount from invoices
      where customer_id = ${id} and status = 'open' group by currency order by currency`),
    db.select().from(charges).where(sql`${charges.customerId} = ${id}`).orderBy(sql`created_at desc`).limit(shown),
    db.select().from(refunds).where(sql`${refunds.customerId} = ${id}`).orderBy(sql`created_at desc`).limit(shown),
    db.select().from(disputes).where(sql`${disputes.customerId} = ${id}`).orderBy(sql`created_at desc`).limit(shown),
    db
      .select()
      .from(paymentMethods)
      .where(sql`${paymentMethods.customerId} = ${id}`)
      .orderBy(sql`created_at desc`)
      .limit(shown),
    db
      .select()
      .from(customerNotes)
      .where(sql`${customerNotes.customerId} = ${id}`)
      .orderBy(sql`created_at desc`)
      .limit(shown),
    db.execute<{
      id: string
      subject: string
      status: string
      delivery: string | null
      reason: string | null
      at: string
    }>(sql`
      select o.id, coalesce(o.message->>'subject', t.name, o.template_id) as subject, o.status, o.delivery, o.reason,
        coalesce(o.sent_at, o.due_at)::text as at
      from email_outbox o left join templates t on t.id = o.template_id
      where o.customer_id = ${id} order by o.created_at desc limit ${shown}`),
    db.execute<{
      id: string
      name: string
      status: string
      exit_reason: string | null
      started_at: string
      next_mail: string | null
      next_at: string | null
      next_id: string | null
    }>(sql`
      select e.id, coalesce(s.name, e.sequence_id) as name, e.status, e.exit_reason, e.started_at::text,
        n.id as next_id, n.name as next_mail, n.due_at::text as next_at
      from enrolments e left join sequences s on s.id = e.sequence_id
      left join lateral (
        select o.id, o.due_at, coalesce(t.name, o.template_id) as name from email_outbox o left join templates t on t.id = o.template_id
        where o.enrolment_id = e.id and o.status = 'due' order by o.due_at, o.step limit 1) n on true
      where e.customer_id = ${id} order by (e.status = 'active') desc, e.started_at desc limit ${shown}`),
    db.execute<{ reason: string; all: boolean; since: string }>(sql`
      select s.reason, s."all", s.since::text from suppressions s join customers c on lower(c.email) = s.email
      where c.id = ${id} order by s.since`),
    db.execute(selectTimeline(input)),
    db.execute<{ kind: string }>(
      sql`select distinct kind from (select kind from timeline_entries where customer_id = ${id} limit 2000) as recent order by 1`,
    ),
    db.execute<{ id: string; number: string; subject: string; status: string; opened_at: string }>(sql`
      select id, number::text, subject, status, opened_at::text from tickets
      where customer_id = ${id} and ${isPermitted(ctx.actor, "tickets:read")}::boolean order by opened_at desc limit ${shown}`),
  ])
  if (!customer) throw new AppError("not_found", "There is no such customer, or they have been merged into another.")
  const items = Map.groupBy(itemRows, (item) => item.subscriptionId)
  return {
    customer,
    stages,
    subscriptions: subscriptionRows.map((row) => ({ ...row, items: items.get(row.id) ?? [] })),
    mrr,
    invoices: invoiceRows,
    owed: owed.rows.map(({ currency, amount }) => ({ currency, amount: Number(amount) })),
    charges: chargeRows,
    refunds: refundRows,
    disputes: disputeRows,
    paymentMethods: methods,
    notes,
    mails: mails.rows.map(({ at, ...mail }) => ({ ...mail, at: new Date(at) })),
    enrolments: enrolments.rows.map((row) => ({
      id: row.id,
      name: row.name,
      status: row.status,
      exitReason: row.exit_reason,
      startedAt: new Date(row.started_at),
      next:
        row.next_id && row.next_mail && row.next_at
          ? { id: row.next_id, mail: row.next_mail, at: new Date(row.next_at) }
          : null,
    })),
    suppressions: suppressions.rows.map(({ since, ...row }) => ({ ...row, since: new Date(since) })),
    timeline: timelineOf(timeline.rows),
    tickets: tickets.rows.map(({ opened_at, number, ...ticket }) => ({
      ...ticket,
      number: Number(number),
      openedAt: new Date(opened_at),
    })),
    timelineKinds: kinds.rows.map(({ kind }) => kind),
  }
}
