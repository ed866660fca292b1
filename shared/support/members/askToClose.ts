import { sql } from "drizzle-orm"
import { tickets } from "../../db/schema/support.ts"
import { AppError } from "../../errors.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import { closingQuestion } from "../place/closingQuestion.ts"
import type { TicketContext } from "../ticketContext.ts"
import { wasTold } from "../wasTold.ts"
import { changeTicket } from "../work/changeTicket.ts"

/**
 * Asks whoever opened a ticket whether it can be closed; they answer by a button. Done again under the same `once` it is
 * asked once. Throws `conflict` where it is not open.
 */
export async function askToClose(ctx: TicketContext, { id, once }: { id: string; once: string }): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const [[ticket], asked] = await ctx.db.batch([
    ctx.db.select().from(tickets).where(sql`${tickets.id} = ${id}`),
    ctx.db.execute(sql`select where ${wasTold({ ticketId: id, kind: "close_asked", once })}`),
  ])
  if (asked.rowCount > 0) return
  if (!ticket?.channelId || !ticket.openerId || ticket.status !== "open")
    throw new AppError("conflict", "This ticket is not open.")
  const now = ctx.now()
  await createMessage(ctx.vendors.discord, {
    channelId: ticket.channelId,
    nonce: `ask-${once}`.slice(0, 25),
    message: closingQuestion({ id, openerId: ticket.openerId }),
  })
  await changeTicket(ctx, {
    id,
    set: sql`close_asked_at = ${now.toISOString()}`,
    where: sql`t.status = 'open'`,
    event: { kind: "close_asked", once },
    otherwise: "This ticket is not open.",
  })
}
