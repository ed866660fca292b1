import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { interactionKinds } from "../../vendors/discord/kinds.ts"
import { readInteraction } from "../../vendors/discord/readInteraction.ts"
import { openerBlocked } from "../open/openerBlocked.ts"
import { reserveTicket } from "../open/reserveTicket.ts"
import { wishOf } from "../open/wishOf.ts"
import { parseSupport, selectSupport } from "../supportSetup.ts"
import { ticketRef } from "../ticketRef.ts"
import { isLeft } from "./isLeft.ts"

/**
 * Opens the ticket that a form asked for that came to nothing, for whoever filled it in, in the category that staff choose;
 * "" is theirs. Their place in Discord is made afterwards, and the same form never becomes two. Returns its id. Throws
 * `conflict` where it is over or they may have no further ticket, `bad_request` for a category that is not there.
 */
export async function openForInteraction(
  ctx: Context<object, "tickets">,
  { id, categoryId }: { id: string; categoryId: string },
): Promise<string> {
  requirePermission(ctx, "tickets:write")
  const left = sql`id = ${id} and kind = 'modal' and name = 'ticket.form' and ${isLeft(ctx.now())}`
  const [settingRows, categories, found] = await ctx.db.batch([
    ...selectSupport(ctx.db),
    ctx.db.execute(sql`select payload from discord_interactions where ${left} and payload is not null`),
  ])
  const setup = parseSupport(settingRows, categories)
  const form = readInteraction(JSON.stringify(found.rows[0]?.payload ?? null))
  if (form?.type !== interactionKinds.modal)
    throw new AppError("conflict", "This form has become a ticket or was set aside already.")
  const wish = wishOf(form, { categories, guildId: form.guild_id ?? "" })
  const { settings } = setup
  // Whoever has waited for staff does not wait any longer.
  const patient = { ...setup, settings: { ...settings, support: { ...settings.support, cooldownMinutes: 0 } } }
  const reserved = await reserveTicket(ctx, patient, { ...wish, categoryId: categoryId || wish.categoryId })
  switch (reserved.outcome) {
    case "blocked":
      throw openerBlocked(reserved.until)
    case "open already":
      throw new AppError("conflict", `They have a ticket about the same: #${reserved.number}.`)
    case "too soon":
      throw new AppError("conflict", "They have just opened another ticket.")
    case "reserved":
  }
  await ctx.db.batch([
    ctx.db.execute(
      auditEntry(ctx, {
        action: "ticket.openedFromForm",
        subject: { type: "ticket", id: reserved.id },
        after: { interaction: id },
        where: sql`exists (select from discord_interactions where ${left})`,
      }),
    ),
    ctx.db.execute(sql`
      update discord_interactions set payload = null, failed_at = null, error = null where ${left}`),
  ])
  const files = wish.files.length > 0 ? [ticketRef("files", reserved.id)] : []
  await ctx.queues.tickets.send({ ids: [ticketRef("ticket", reserved.id), ...files] })
  return reserved.id
}
