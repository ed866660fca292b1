import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { uuidArray } from "../db/bulk.ts"

export interface ClaimedEmail {
  id: string
  customerId: string
  templateId: string
  mailClass: "transactional" | "marketing"
  dueAt: Date
  staleAt: Date
  /** Why it was put off the last time. */
  reason: string | null
  /** A request that carried it before and was certainly not taken. */
  requestId: string | null
  enrolmentId: string | null
  enrolment: {
    sequenceId: string
    status: "active" | "completed" | "exited"
    exitReason: string | null
    subscriptionId: string | null
    invoiceId: string | null
    changeData: Record<string, unknown>
  } | null
}

/** Resend takes this many in one request. */
export const requestSize = 100
const leaseMilliseconds = 60_000

type ClaimedRow = {
  id: string
  customer_id: string
  template_id: string
  mail_class: "transactional" | "marketing"
  due_at: string
  stale_at: string
  reason: string | null
  request_id: string | null
  enrolment_id: string | null
  sequence_id: string | null
  enrolment_status: "active" | "completed" | "exited"
  exit_reason: string | null
  subscription_id: string | null
  invoice_id: string | null
  change_data: Record<string, unknown>
}

/** Takes what is due, of `ids` or of everything, the most urgent first; one statement, so that two senders never share. */
export async function claimEmails(ctx: Context, ids: string[] | null): Promise<ClaimedEmail[]> {
  const now = ctx.now()
  const mine = ids ? sql`id = any(${uuidArray(ids)}) and` : sql``
  const claimed = await ctx.db.execute<ClaimedRow>(sql`
    with claimed as (
      update email_outbox set lease_until = ${new Date(now.getTime() + leaseMilliseconds).toISOString()}
      where id in (
        select id from email_outbox
        where ${mine} status = 'due' and due_at <= ${now.toISOString()}
          and (lease_until is null or lease_until <= ${now.toISOString()})
        order by priority, due_at limit ${requestSize} for update skip locked)
      returning id, customer_id, template_id, mail_class, priority, due_at, stale_at, reason, request_id, enrolment_id)
    select c.*, e.sequence_id, e.status as enrolment_status, e.exit_reason, e.subscription_id, e.invoice_id, e.change_data
    from claimed c left join enrolments e on e.id = c.enrolment_id
    order by c.priority, c.due_at, c.id`)
  return claimed.rows.map((row) => ({
    id: row.id,
    customerId: row.customer_id,
    templateId: row.template_id,
    mailClass: row.mail_class,
    dueAt: new Date(row.due_at),
    staleAt: new Date(row.stale_at),
    reason: row.reason,
    requestId: row.request_id,
    enrolmentId: row.enrolment_id,
    enrolment:
      row.sequence_id === null
        ? null
        : {
            sequenceId: row.sequence_id,
            status: row.enrolment_status,
            exitReason: row.exit_reason,
            subscriptionId: row.subscription_id,
            invoiceId: row.invoice_id,
            changeData: row.change_data,
          },
  }))
}
