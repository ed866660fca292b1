import { OverwriteType } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { batch } from "../../db/batch.ts"
import { tickets } from "../../db/schema/support.ts"
import { AppError, toAppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { removeOverwrite, setOverwrite } from "../../vendors/discord/channels.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import { addThreadMember, removeThreadMember } from "../../vendors/discord/threads.ts"
import { silencePlace } from "../close/silencePlace.ts"
import { awake } from "../place/awake.ts"
import { memberBits } from "../place/staffPermissions.ts"
import type { TicketContext } from "../ticketContext.ts"
import { ticketEvent } from "../ticketEvent.ts"
import { wasTold } from "../wasTold.ts"

/**
 * Lets somebody into a ticket's place, or takes them out of it; done again under the same `once` it is told once. Throws
 * `conflict` for its opener and the bot, and where it is not open.
 */
export async function changeMember(
  ctx: TicketContext,
  input: { id: string; userId: string; userName: string; change: "add" | "remove"; once: string },
): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const { id, userId, userName, change, once } = input
  const kind = change === "add" ? "member_added" : "member_removed"
  const told = wasTold({ ticketId: id, kind, once })
  const [[ticket], settingRows, done] = await ctx.db.batch([
    ctx.db.select().from(tickets).where(sql`${tickets.id} = ${id}`),
    selectSettings(ctx.db),
    ctx.db.execute(sql`select where ${told}`),
  ])
  if (done.rowCount > 0) return
  if (!ticket?.channelId || ticket.status !== "open") throw new AppError("conflict", "This ticket is not open.")
  if (change === "remove" && userId === ticket.openerId)
    throw new AppError("conflict", "Whoever opened it stays in it. Close the ticket instead.")
  const { discord } = ctx.vendors
  if (change === "remove" && [discord.applicationId, parseSettings(settingRows).support.botUserId].includes(userId))
    throw new AppError("conflict", "The bot stays in it: without the bot nothing is kept.")
  const { channelId } = ticket
  if (ticket.placeKind === "thread") {
    const member = { threadId: channelId, userId }
    await awake(ctx, channelId, () =>
      change === "add" ? addThreadMember(discord, member) : removeThreadMember(discord, member),
    )
  } else if (change === "add") {
    await setOverwrite(discord, { channelId, id: userId, type: OverwriteType.Member, allow: memberBits, deny: 0n })
    if (await isOpen(ctx, id)) await welcome(ctx, { channelId, userId, once })
    // Closing may have made it silent before they were there.
    else await silencePlace(ctx, ticket)
  } else await removeOverwrite(discord, { channelId, id: userId })
  await batch(ctx.db, [
    auditEntry(ctx, {
      action: `ticket.${kind}`,
      subject: { type: "ticket", id },
      after: { user: userName, userId },
      where: sql`not ${told}`,
    }),
    ticketEvent(ctx, { ticketId: id, kind, once, data: { user: userName } }),
  ])
}

async function isOpen(ctx: TicketContext, id: string): Promise<boolean> {
  const open = await ctx.db.execute(sql`select from tickets where id = ${id} and status in ('opening', 'open')`)
  return open.rowCount > 0
}

/** In a channel nobody sees by themselves that somebody was let in, least of all they; of threads Discord tells. */
async function welcome(
  ctx: TicketContext,
  { channelId, userId, once }: { channelId: string; userId: string; once: string },
): Promise<void> {
  const message = { content: `<@${userId}> is in this ticket now.`, allowed_mentions: { parse: [], users: [userId] } }
  try {
    await createMessage(ctx.vendors.discord, { channelId, nonce: `in-${once}`.slice(0, 25), message })
  } catch (thrown) {
    ctx.log.warn("member not welcomed", { channelId, error: toAppError(thrown).message })
  }
}
