import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import { priorities, sides, ticketSources, ticketStatuses } from "../../db/schema/support.ts"
import { type LateLimit, type Lateness, latenessOf } from "./lateLimits.ts"
import { staffName } from "./staffName.ts"

const instant = z.coerce.date()

const listed = z.object({
  id: z.string(),
  number: z.coerce.number(),
  source: z.enum(ticketSources),
  status: z.enum(ticketStatuses),
  categoryId: z.string(),
  category: z.string(),
  priority: z.enum(priorities),
  subject: z.string(),
  openerName: z.string(),
  customerId: z.nullable(z.string()),
  customer: z.nullable(z.string()),
  claimedBy: z.nullable(z.string()),
  openedAt: instant,
  /** To the microsecond, for the next page. */
  openedAtExact: z.string(),
  firstResponseAt: z.nullable(instant),
  lastMessageAt: instant,
  lastFrom: z.enum(sides),
  closedAt: z.nullable(instant),
  closeReason: z.nullable(z.string()),
  rating: z.nullable(z.number()),
  /** What failed, in words. */
  error: z.nullable(z.string()),
})

export type ListedTicket = z.infer<typeof listed> & { late: Lateness | null }

/** Of `tickets t`. */
export const listedColumns = sql`
  t.id, t.number, t.source, t.status, t.category_id as "categoryId",
  coalesce((select name from ticket_categories k where k.id = t.category_id), t.category_id) as category,
  t.priority, t.subject, t.opener_name as "openerName", t.customer_id as "customerId",
  (select coalesce(c.name, c.email, 'Without a name') from customers c where c.id = t.customer_id) as customer,
  ${staffName(sql`t.claimed_by`, sql`t.claimed_by_label`)} as "claimedBy",
  t.opened_at as "openedAt", t.opened_at::text as "openedAtExact", t.first_response_at as "firstResponseAt",
  t.last_message_at as "lastMessageAt", t.last_from as "lastFrom", t.closed_at as "closedAt",
  t.close_reason as "closeReason", t.rating, coalesce(t.error,
    (select 'A reply could not be delivered: ' || coalesce(m.error, 'no reason was told.') from ticket_messages m
      where m.ticket_id = t.id and m.delivery = 'failed' limit 1),
    (select 'A file could not be copied: ' || coalesce(a.error, 'no reason was told.') from ticket_attachments a
      where a.ticket_id = t.id and a.status = 'failed' limit 1)) as error`

export const readListed = (rows: Record<string, unknown>[], limits: LateLimit[]): ListedTicket[] =>
  rows.map((row) => {
    const ticket = listed.parse(row)
    return { ...ticket, late: latenessOf(ticket, limits) }
  })
