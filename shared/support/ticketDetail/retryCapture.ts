import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { ticketRef } from "../ticketRef.ts"

/** Has an open ticket looked at now that could not be read before. */
export async function retryCapture(ctx: Context<object, "tickets">, { id }: { id: string }): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const due = await ctx.db.execute(sql`
    update tickets set capture_at = ${ctx.now().toISOString()}::timestamptz
    where id = ${id} and status = 'open' and source = 'discord' and error is not null`)
  if (due.rowCount > 0) await ctx.queues.tickets.send({ ids: [ticketRef("capture", id)] })
}
