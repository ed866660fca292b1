import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { fetchMailsAgain } from "../mail/fetchMailsAgain.ts"
import { ticketRef } from "../ticketRef.ts"

/**
 * Has files of a ticket that could not be copied tried again: those from Discord now, those of mails by the next sweep of
 * events, since they are copied where mails are received. How many there are.
 */
export async function retryFiles(ctx: Context<object, "tickets">, { id }: { id: string }): Promise<number> {
  requirePermission(ctx, "tickets:write")
  const mails = sql`
    select r.id from received_mails r join ticket_attachments a on a.message_id = r.message_id
    where a.ticket_id = ${id} and a.status = 'failed'`
  const [, retried] = await batch(ctx.db, [
    fetchMailsAgain(mails, ctx.now()),
    sql`
      update ticket_attachments a set status = 'waiting', attempts = 0, error = null,
        next_attempt_at = case when not exists (select from received_mails r where r.message_id = a.message_id)
          then ${ctx.now().toISOString()}::timestamptz end
      where a.ticket_id = ${id} and a.status = 'failed'`,
  ])
  const count = retried?.rowCount ?? 0
  if (count > 0) await ctx.queues.tickets.send({ ids: [ticketRef("files", id)] })
  return count
}
