import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { isUuid } from "../../db/isUuid.ts"
import { tickets } from "../../db/schema/support.ts"
import { AppError } from "../../errors.ts"
import { parseSettings, selectSettings } from "../../settings/readSettings.ts"
import { actorName } from "../../staff/actorName.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { closingMail } from "../mail/closingMail.ts"
import { isThisSolved } from "../place/isThisSolved.ts"
import { shownName } from "../shownName.ts"
import { sendReplyOff } from "../ticketDetail/sendReplyOff.ts"
import { signTranscript, transcriptKey } from "../transcript/signTranscript.ts"
import { changeTicket } from "./changeTicket.ts"

/** Whoever has the link to a ticket reads it, answers whether it is solved, and rates it. */
export interface LinkConfig {
  portalUrl: string
  linkSecret: string
}

/**
 * Has the opener asked whether the ticket may be closed: in Discord by a message with buttons, by mail with a link. It is
 * delivered as replies are, and tried again as they are. `messageId` is made by the form, so sending it twice asks once.
 * Throws `bad_request` for no such id, `not_found`, and `conflict` where the ticket is not open or nobody can be asked.
 */
export async function askOpener(
  ctx: Context<object, "tickets" | "emails"> & { config: LinkConfig },
  { id, messageId }: { id: string; messageId: string },
): Promise<void> {
  requirePermission(ctx, "tickets:write")
  if (!isUuid(messageId)) throw new AppError("bad_request", "Load the page again, then ask.")
  const [settingRows, [ticket]] = await ctx.db.batch([
    selectSettings(ctx.db),
    ctx.db.select().from(tickets).where(sql`${tickets.id}::text = ${id}`),
  ])
  if (!ticket) throw new AppError("not_found", "There is no such ticket.")
  const now = sql`${ctx.now().toISOString()}::timestamptz`
  const asked = sql`exists (select from ticket_messages where id = ${messageId})`
  const key = await transcriptKey(ctx.config.linkSecret)
  const link = `${ctx.config.portalUrl}/transcripts/${await signTranscript(key, ticket.id, ctx.now())}/solved`
  const { brand } = parseSettings(settingRows)
  const content =
    ticket.source === "email" ? closingMail(ticket.number, { link, brand }) : isThisSolved(ticket.openerId ?? "")
  const name = ticket.source === "email" ? brand.name : (shownName(ctx.actor) ?? "Staff")
  try {
    await changeTicket(ctx, {
      id,
      set: sql`close_asked_at = ${now}`,
      where: sql`t.status = 'open' and (t.opener_id is not null or t.opener_email is not null) and not ${asked}`,
      event: { kind: "close_asked", once: messageId },
      also: sql`
        insert into ticket_messages (id, ticket_id, origin, author_id, author_name, author_kind, content, asks_closing, sent_at, delivery, next_attempt_at)
        select ${messageId}, t.id, 'admin', ${actorName(ctx.actor)}, ${name}, 'bot', ${content}, true, ${now}, 'queued', ${now}
        from tickets t where t.id = ${ticket.id} and t.status = 'open' and t.close_asked_at = ${now}
        on conflict (id) do nothing`,
      already: { is: asked, says: "This has been asked." },
      otherwise: "Only who opened a ticket that is open can be asked.",
    })
  } catch (thrown) {
    if (!(thrown instanceof AppError && thrown.details.unchanged === true)) throw thrown
  }
  await sendReplyOff(ctx, { messageId, source: ticket.source })
}
