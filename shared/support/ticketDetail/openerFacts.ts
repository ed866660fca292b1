import { type SQL, sql } from "drizzle-orm"
import type { BatchResults } from "../../db/batchResults.ts"
import type { Database } from "../../db/client.ts"
import type { Stage } from "../../db/schema/billing.ts"
import type { ticketStatuses } from "../../db/schema/support.ts"

export interface OpenerFacts {
  customer: { id: string; name: string | null; email: string | null; stage: Stage; stripeId: string | null } | null
  plans: { status: string; products: string }[]
  /** Minor units. */
  owed: { currency: string; amount: number }[]
  mails: { id: string; subject: string; status: string; delivery: string | null; at: Date }[]
  /** The latest others of the same person. */
  tickets: { id: string; number: number; subject: string; status: (typeof ticketStatuses)[number]; openedAt: Date }[]
  blocked: { reason: string; until: Date | null } | null
}

const shown = 5

/** Queries of what there is to know about whoever opened a ticket. */
export function selectOpenerFacts(db: Database, id: string, now: Date) {
  const others = sql`from tickets o, tickets t
    where t.id = ${id} and o.id <> t.id
      and (o.customer_id = t.customer_id or o.opener_id = t.opener_id or o.opener_email = t.opener_email)`
  const blocks = sql`from support_blocks b join tickets t on b.subject in (t.opener_id, t.opener_email)
    where t.id = ${id} and (b.until is null or b.until > ${now.toISOString()}::timestamptz)`
  return selectFacts(db, { customer: sql`(select customer_id from tickets where id = ${id})`, others, blocks })
}

/** The same about a customer. */
export function selectCustomerFacts(db: Database, id: string) {
  const customer = sql`${id}::uuid`
  return selectFacts(db, {
    customer,
    others: sql`from tickets o where o.customer_id = ${customer}`,
    blocks: sql`from support_blocks b where false`,
  })
}

function selectFacts(db: Database, { customer, others, blocks }: { customer: SQL; others: SQL; blocks: SQL }) {
  return [
    db.execute<{ id: string; name: string | null; email: string | null; stage: Stage; stripe_id: string | null }>(
      sql`select id, name, email, stage, stripe_id from customers where id = ${customer}`,
    ),
    db.execute<{ status: string; products: string }>(sql`
      select s.status, (
        select coalesce(string_agg(coalesce(p.name, i.product_id), ', '), '') from subscription_items i
        left join products p on p.id = i.product_id where i.subscription_id = s.id) as products
      from subscriptions s where s.customer_id = ${customer} and s.status not in ('canceled', 'incomplete_expired')
      order by s.started_at desc limit ${shown}`),
    db.execute<{ currency: string; amount: string }>(sql`
      select currency, sum(amount_remaining)::text as amount from invoices
      where customer_id = ${customer} and status = 'open' group by currency order by currency`),
    db.execute<{ id: string; subject: string; status: string; delivery: string | null; at: string }>(sql`
      select o.id, coalesce(o.message->>'subject', t.name, o.template_id) as subject, o.status, o.delivery,
        coalesce(o.sent_at, o.due_at)::text as at
      from email_outbox o left join templates t on t.id = o.template_id
      where o.customer_id = ${customer} order by o.created_at desc limit ${shown}`),
    db.execute<{
      id: string
      number: string
      subject: string
      status: (typeof ticketStatuses)[number]
      opened_at: string
    }>(sql`
      select o.id, o.number::text, o.subject, o.status, o.opened_at::text ${others}
      order by o.opened_at desc limit ${2 * shown}`),
    db.execute<{ reason: string; until: string | null }>(sql`
      select b.reason, b.until::text ${blocks} limit 1`),
  ] as const
}

export function readOpenerFacts([customers, plans, owed, mails, tickets, blocks]: BatchResults<
  ReturnType<typeof selectOpenerFacts>
>): OpenerFacts {
  const [customer] = customers.rows
  const [blocked] = blocks.rows
  return {
    customer: customer
      ? {
          id: customer.id,
          name: customer.name,
          email: customer.email,
          stage: customer.stage,
          stripeId: customer.stripe_id,
        }
      : null,
    plans: plans.rows,
    owed: owed.rows.map(({ currency, amount }) => ({ currency, amount: Number(amount) })),
    mails: mails.rows.map(({ at, ...mail }) => ({ ...mail, at: new Date(at) })),
    tickets: tickets.rows.map(({ id, number, subject, status, opened_at }) => ({
      id,
      number: Number(number),
      subject,
      status,
      openedAt: new Date(opened_at),
    })),
    blocked: blocked ? { reason: blocked.reason, until: blocked.until ? new Date(blocked.until) : null } : null,
  }
}
