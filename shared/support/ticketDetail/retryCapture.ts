import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { ticketRef } from "../ticketRef.ts"

/** Has done now what failed about a ticket that is open or closed: a look at what was said, or what time alone asks for. */
export async function retryCapture(ctx: Context<object, "tickets">, { id }: { id: string }): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const due = await ctx.db.execute(sql`
    update tickets set tend_at = case when tend_at is not null then ${now} end,
      capture_at = case when status = 'open' and source = 'discord' then ${now} else capture_at end
    where id = ${id} and status in ('open', 'closed') and error is not null`)
  if (due.rowCount > 0) await ctx.queues.tickets.send({ ids: [ticketRef("capture", id), ticketRef("tend", id)] })
}
