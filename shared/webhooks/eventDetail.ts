import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import type { EventStatus } from "../db/schema/webhooks.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { type EventSource, eventTables } from "./listEvents.ts"

export interface EventDetail {
  id: string
  type: string
  status: EventStatus
  reason: string | null
  attempts: number
  createdAt: Date
  receivedAt: Date
  settledAt: Date | null
  payload: string
  customer: { id: string; name: string | null } | null
  /** What it changed, as far as a person would want to see. */
  timeline: { kind: string; at: Date }[]
  rules: { id: string; name: string; at: Date }[]
  mails: { id: string; name: string; status: string }[]
}

/** One received webhook and what came of it, in one round trip. Throws `not_found`. */
export async function eventDetail(ctx: Context, input: { source: EventSource; id: string }): Promise<EventDetail> {
  requirePermission(ctx, "events:read")
  const { source, id } = input
  const { table, id: key } = eventTables[source]
  const customer =
    source === "stripe"
      ? sql`(select c.id from customers c join stripe_events e on e.stripe_customer_id = c.stripe_id where e.id = ${id})`
      : sql`(select o.customer_id from email_outbox o join resend_events e on e.outbox_id = o.id::text where e.svix_id = ${id})`
  const [events, customers, timeline, rules, mails] = await batch(ctx.db, [
    sql`select type, status, reason, attempts, created_at::text, received_at::text, settled_at::text, payload
      from ${table} where ${key} = ${id}`,
    sql`select id, coalesce(name, email) as name from customers where id = ${customer}`,
    sql`select kind, occurred_at::text as at from timeline_entries where customer_id = ${customer} and source_id = ${id} order by id`,
    sql`select f.rule_id as id, coalesce(r.name, f.rule_id) as name, f.fired_at::text as at
      from rule_firings f left join rules r on r.id = f.rule_id where f.customer_id = ${customer} and f.event_id = ${id} order by f.fired_at, f.rule_id`,
    source === "stripe"
      ? sql`select o.id, coalesce(t.name, o.template_id) as name, o.status from email_outbox o
          left join templates t on t.id = o.template_id join enrolments n on n.id = o.enrolment_id
          where o.customer_id = ${customer} and n.event_id = ${id} order by o.due_at, o.id limit 50`
      : sql`select o.id, coalesce(t.name, o.template_id) as name, o.status from resend_events e
          join email_outbox o on o.id::text = e.outbox_id left join templates t on t.id = o.template_id where e.svix_id = ${id}`,
  ])
  const [event] = events?.rows ?? []
  if (!event) throw new AppError("not_found", `No event ${id} has been received.`)
  const [owner] = customers?.rows ?? []
  const at = (value: unknown) => new Date(String(value))
  return {
    id,
    type: String(event.type),
    status: event.status as EventStatus,
    reason: event.reason === null ? null : String(event.reason),
    attempts: Number(event.attempts),
    createdAt: at(event.created_at),
    receivedAt: at(event.received_at),
    settledAt: event.settled_at === null ? null : at(event.settled_at),
    payload: String(event.payload),
    customer: owner ? { id: String(owner.id), name: owner.name === null ? null : String(owner.name) } : null,
    timeline: (timeline?.rows ?? []).map((row) => ({ kind: String(row.kind), at: at(row.at) })),
    rules: (rules?.rows ?? []).map((row) => ({ id: String(row.id), name: String(row.name), at: at(row.at) })),
    mails: (mails?.rows ?? []).map((row) => ({
      id: String(row.id),
      name: String(row.name),
      status: String(row.status),
    })),
  }
}
