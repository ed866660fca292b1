import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { TicketEventKind } from "../db/schema/support.ts"

/** Whether something has happened to a ticket under the same `once`: whoever does it again after a death did it already. */
export async function wasTold(
  ctx: Context,
  { ticketId, kind, once }: { ticketId: string; kind: TicketEventKind; once: string },
): Promise<boolean> {
  const found = await ctx.db.execute(sql`select from ticket_events where key = ${`${kind}:${ticketId}:${once}`}`)
  return found.rowCount > 0
}
