import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { ticketRef } from "../ticketRef.ts"

/** Has files of a ticket that could not be copied tried again, now. How many there are. */
export async function retryFiles(ctx: Context<object, "tickets">, { id }: { id: string }): Promise<number> {
  requirePermission(ctx, "tickets:write")
  const { rowCount } = await ctx.db.execute(sql`
    update ticket_attachments set status = 'waiting', attempts = 0, error = null, next_attempt_at = ${ctx.now().toISOString()}
    where ticket_id = ${id} and status = 'failed'`)
  if (rowCount > 0) await ctx.queues.tickets.send({ ids: [ticketRef("files", id)] })
  return rowCount
}
