import { type SQL, sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { requirePermission } from "../../staff/requirePermission.ts"

/** Text that is another one as soon as a page of the ticket would show something else. */
export const selectVersion = (id: string): SQL => sql`
  select md5(concat_ws('|', t.status, t.category_id, t.priority, t.claimed_by, t.last_from, t.error, t.customer_id, t.rating,
    t.close_reason, t.channel_id,
    (select concat_ws(',', count(*), count(edited_at), max(edited_at), count(deleted_at), max(deleted_at), max(sent_at),
      count(*) filter (where delivery = 'sent'), count(*) filter (where delivery = 'failed'), count(error), sum(attempts))
      from ticket_messages m where m.ticket_id = t.id),
    (select count(*) from ticket_events e where e.ticket_id = t.id),
    (select concat_ws(',', count(*), string_agg(status, ',' order by id)) from ticket_attachments a where a.ticket_id = t.id)
  )) as version from tickets t where t.id = ${id}`

/** The present version, in one cheap round trip: what a page that is open asks again and again. Throws `not_found`. */
export async function ticketVersion(ctx: Context, input: { id: string }): Promise<string> {
  requirePermission(ctx, "tickets:read")
  const { rows } = await ctx.db.execute<{ version: string }>(selectVersion(input.id))
  if (!rows[0]) throw new AppError("not_found", "There is no such ticket.")
  return rows[0].version
}
