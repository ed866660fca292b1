import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { isUuid } from "../../db/isUuid.ts"

/** The ticket whose transcript a link to this one shows: of one that was merged, the other one where it is its opener's, too. */
export async function transcriptTicket(ctx: Context, { ticketId }: { ticketId: string }): Promise<string> {
  if (!isUuid(ticketId)) return ticketId
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    select i.id from tickets t join tickets i on i.id = t.merged_into
    where t.id = ${ticketId}::uuid and i.opener_email = t.opener_email`)
  return rows[0]?.id ?? ticketId
}
