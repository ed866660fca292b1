import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import { reactTo } from "../automation/reactTo.ts"
import type { Context } from "../context.ts"
import { textArray, uuidArray } from "../db/bulk.ts"

const atOnce = 200

/** What rules hear of; a ticket may be opened and linked to a customer within minutes of each other. */
const kinds = ["opened", "closed", "reopened", "rated"] as const
/** Whoever is not known as a customer by then is no news to any rule. */
const linkedWithinHours = 24

const event = z.object({
  id: z.string(),
  key: z.string(),
  kind: z.enum(kinds),
  at: z.coerce.date(),
  ticket: z.string(),
  customer: z.string(),
  category: z.string(),
  priority: z.string(),
  rating: z.nullable(z.number()),
  reason: z.nullable(z.string()),
})

/** Has rules react to what happened to customers' tickets, each once. Returns how many there were. */
export async function announceTickets(ctx: Context<object, "emails">): Promise<number> {
  const now = ctx.now()
  const given = new Date(now.getTime() - linkedWithinHours * 3_600_000).toISOString()
  await ctx.db.execute(sql`
    update ticket_events e set rules_at = ${now.toISOString()} where rules_at is null
      and (not (kind = any(${textArray(kinds)})) or at < ${given}::timestamptz)`)
  const found = await ctx.db.execute(sql`
    select e.id, e.key, e.kind, e.at, t.id as ticket, t.customer_id as customer, t.category_id as category, t.priority,
      case when e.kind = 'rated' then coalesce((e.data ->> 'rating')::integer, t.rating) else t.rating end as rating, t.close_reason as reason
    from ticket_events e join tickets t on t.id = e.ticket_id join customers c on c.id = t.customer_id
    where e.rules_at is null and e.kind = any(${textArray(kinds)}) and c.deleted_at is null order by e.at, e.key limit ${atOnce}`)
  const events = z.array(event).parse(found.rows)
  if (events.length === 0) return 0
  const changes = events.map(({ key, kind, at, ticket, customer, category, priority, rating, reason }) => ({
    kind: `ticket.${kind}` as const,
    // Whoever wavers between two ratings gives each of them once.
    key: kind === "rated" ? `ticket.rated:${ticket}:${rating}` : `ticket.${key}`,
    occurredAt: at,
    eventId: null,
    customerId: customer,
    subjectId: ticket,
    subscriptionId: null,
    invoiceId: null,
    data: { category, priority, rating, reason },
  }))
  await reactTo(ctx, {
    changes: [...new Map(changes.toReversed().map((change) => [change.key, change])).values()].toReversed(),
    also: [
      sql`update ticket_events set rules_at = ${now.toISOString()} where id = any(${uuidArray(events.map(({ id }) => id))})`,
    ],
  })
  return events.length
}
