import { type SQL, sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { isInstant } from "../db/isInstant.ts"
import { deliveryStatuses, outboxStatuses } from "../db/schema/email.ts"
import { requirePermission } from "../staff/requirePermission.ts"

/** Filters as they stand in an address; what does not fit is as if it were not there. */
export const emailFilter = z.object({
  status: z.optional(z.catch(z.enum(["", ...outboxStatuses]), "")),
  delivery: z.optional(z.catch(z.enum(["", ...deliveryStatuses]), "")),
})
export type EmailFilter = z.infer<typeof emailFilter>

export interface ListedEmail {
  id: string
  subject: string
  status: (typeof outboxStatuses)[number]
  delivery: string | null
  reason: string | null
  dueAt: Date
  sentAt: Date | null
  customer: { id: string; name: string }
}

const pageSize = 50
const cursorShape = z.tuple([z.string().check(z.maxLength(40)), z.uuid()])

/** One page of the outbox: what is due next first, everything else the latest first. */
export async function listEmails(
  ctx: Context,
  input: { filter: EmailFilter; after?: string },
): Promise<{ mails: ListedEmail[]; next: string | null }> {
  requirePermission(ctx, "outbox:read")
  const { status, delivery } = input.filter
  const ascending = status === "due"
  const conditions: SQL[] = [sql`true`]
  if (status) conditions.push(sql`o.status = ${status}`)
  if (delivery) conditions.push(sql`o.delivery = ${delivery}`)
  const cursor = readCursor(input.after)
  if (cursor)
    conditions.push(
      sql`(o.due_at, o.id) ${ascending ? sql`>` : sql`<`} (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`,
    )
  const direction = ascending ? sql`asc` : sql`desc`
  const found = await ctx.db.execute<{
    id: string
    subject: string
    status: ListedEmail["status"]
    delivery: string | null
    reason: string | null
    due_at: string
    sent_at: string | null
    customer_id: string
    customer: string | null
  }>(sql`
    select o.id, coalesce(o.message->>'subject', t.name, o.template_id) as subject, o.status, o.delivery, o.reason,
      o.due_at::text, o.sent_at::text, o.customer_id, coalesce(c.name, c.email) as customer
    from (select * from email_outbox o where ${sql.join(conditions, sql` and `)}
      order by o.due_at ${direction}, o.id ${direction} limit ${pageSize + 1}) o
    join customers c on c.id = o.customer_id left join templates t on t.id = o.template_id
    order by o.due_at ${direction}, o.id ${direction}`)
  const shown = found.rows.slice(0, pageSize)
  const last = shown.at(-1)
  return {
    mails: shown.map((row) => ({
      id: row.id,
      subject: row.subject,
      status: row.status,
      delivery: row.delivery,
      reason: row.reason,
      dueAt: new Date(row.due_at),
      sentAt: row.sent_at === null ? null : new Date(row.sent_at),
      customer: { id: row.customer_id, name: row.customer ?? "Without a name" },
    })),
    next: found.rows.length > pageSize && last ? JSON.stringify([last.due_at, last.id]) : null,
  }
}

function readCursor(after: string | undefined): [string, string] | null {
  if (!after) return null
  try {
    const [at, id] = cursorShape.parse(JSON.parse(after))
    return isInstant(at) ? [at, id] : null
  } catch {
    return null
  }
}
