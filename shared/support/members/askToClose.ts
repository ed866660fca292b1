import { ButtonStyle, ComponentType } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { tickets } from "../../db/schema/support.ts"
import { AppError } from "../../errors.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { customId } from "../../vendors/discord/customId.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import type { TicketContext } from "../ticketContext.ts"
import { changeTicket } from "../work/changeTicket.ts"

/**
 * Asks whoever opened a ticket whether it can be closed; they answer by a button. Done again under the same `once` it is
 * asked once. Throws `conflict` where it is not open.
 */
export async function askToClose(ctx: TicketContext, { id, once }: { id: string; once: string }): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const [[ticket], asked] = await ctx.db.batch([
    ctx.db.select().from(tickets).where(sql`${tickets.id} = ${id}`),
    ctx.db.execute(sql`select from ticket_events where key = ${`close_asked:${id}:${once}`}`),
  ])
  if (asked.rowCount > 0) return
  if (!ticket?.channelId || !ticket.openerId || ticket.status !== "open")
    throw new AppError("conflict", "This ticket is not open.")
  const now = ctx.now()
  await createMessage(ctx.vendors.discord, {
    channelId: ticket.channelId,
    nonce: `ask-${once}`.slice(0, 25),
    message: {
      content: `<@${ticket.openerId}>, is this solved?`,
      allowed_mentions: { parse: [], users: [ticket.openerId] },
      components: [
        {
          type: ComponentType.ActionRow,
          components: [
            {
              type: ComponentType.Button,
              style: ButtonStyle.Success,
              label: "Yes, close it",
              custom_id: customId("ticket.solved", id),
            },
            {
              type: ComponentType.Button,
              style: ButtonStyle.Secondary,
              label: "Not yet",
              custom_id: customId("ticket.unsolved", id),
            },
          ],
        },
      ],
    },
  })
  await changeTicket(ctx, {
    id,
    set: sql`close_asked_at = ${now.toISOString()}`,
    where: sql`t.status = 'open'`,
    event: { kind: "close_asked", once },
    otherwise: "This ticket is not open.",
  })
}
