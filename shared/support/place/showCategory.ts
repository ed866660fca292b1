import { OverwriteType } from "discord-api-types/v10"
import { sql } from "drizzle-orm"
import { setOverwrite } from "../../vendors/discord/channels.ts"
import { createMessage } from "../../vendors/discord/messages.ts"
import type { TicketRow } from "../carryTicket.ts"
import { escapeMarkdown } from "../escapeMarkdown.ts"
import { loadSupport } from "../supportSetup.ts"
import type { TicketContext } from "../ticketContext.ts"
import { awake } from "./awake.ts"
import { staffBits } from "./staffPermissions.ts"

/**
 * After a ticket was put into another category: says so in its place and, where somebody else answers those, lets their role in
 * and calls it. Who was called before keeps seeing it.
 */
export async function showCategory(ctx: TicketContext, ticket: TicketRow): Promise<void> {
  const { id, number, channelId, placeKind, categoryId, shownCategoryId } = ticket
  if (shownCategoryId === null || channelId === null) return
  if (shownCategoryId !== categoryId) {
    const change = await changeOf(ctx, ticket)
    if (change === null) return
    const { discord } = ctx.vendors
    const { categories, settings } = await loadSupport(ctx)
    const categoryOf = (wanted: string) => categories.find((each) => each.id === wanted)
    const roleOf = (wanted: string) => categoryOf(wanted)?.roleId || settings.support.staffRoleId
    const role = roleOf(categoryId)
    const called = role !== "" && role !== roleOf(shownCategoryId)
    if (called && placeKind === "channel")
      await setOverwrite(discord, { channelId, id: role, type: OverwriteType.Role, allow: staffBits, deny: 0n })
    const name = escapeMarkdown(categoryOf(categoryId)?.name ?? categoryId)
    await awake(ctx, channelId, () =>
      createMessage(discord, {
        channelId,
        nonce: `about-${number}-${change}`,
        message: {
          content: `${called ? `<@&${role}>, this` : "This"} ticket is about ${name} now.`,
          allowed_mentions: { parse: [], roles: called ? [role] : [] },
        },
      }),
    )
  }
  await ctx.db.execute(sql`
    update tickets set shown_category_id = case when category_id = ${categoryId} then null else ${categoryId} end
    where id = ${id} and shown_category_id = ${shownCategoryId}`)
}

/** Which of its changes has brought it there; null where it has been changed, or shown, since it was read. */
async function changeOf(ctx: TicketContext, { id, categoryId, shownCategoryId }: TicketRow): Promise<number | null> {
  const found = await ctx.db.execute<{ change: number }>(sql`
    select (select count(*)::int from ticket_events e where e.ticket_id = t.id and e.kind = 'recategorised') as change
    from tickets t where t.id = ${id} and t.category_id = ${categoryId} and t.shown_category_id = ${shownCategoryId}`)
  return found.rows[0]?.change ?? null
}
