import { sql } from "drizzle-orm"
import { ticketCategories, tickets } from "../../db/schema/support.ts"
import { toAppError } from "../../errors.ts"
import { editMessage } from "../../vendors/discord/messages.ts"
import { unlessGone } from "../../vendors/discord/unlessGone.ts"
import type { TicketContext } from "../ticketContext.ts"
import { awake } from "./awake.ts"
import { letClaimerIn } from "./letClaimerIn.ts"
import { showCategory } from "./showCategory.ts"
import { ticketButtons } from "./ticketMessage.ts"

/** What failed is tried again after so long. */
const againAfter = 600_000

/**
 * Has the first message show who answers the ticket, and lets them in; tells of another category. That it cannot be shown undoes nothing: it is tried
 * again, and where somebody else answers it by the time it is shown, shown anew.
 */
export async function showClaim(ctx: TicketContext, { id }: { id: string }): Promise<void> {
  const [[ticket], [category]] = await ctx.db.batch([
    ctx.db.select().from(tickets).where(sql`${tickets.id} = ${id}`),
    ctx.db
      .select()
      .from(ticketCategories)
      .where(sql`${ticketCategories.id} = (select category_id from tickets t where t.id = ${id})`),
  ])
  if (!ticket?.channelId || !ticket.controlMessageId || ticket.status !== "open") return
  const { channelId, controlMessageId: messageId } = ticket
  const message = { components: ticketButtons(ticket, category) }
  const done = await Promise.allSettled([
    letClaimerIn(ctx, ticket),
    unlessGone(
      awake(ctx, channelId, () => editMessage(ctx.vendors.discord, { channelId, messageId, message })),
      () => true,
    ),
    showCategory(ctx, ticket),
  ])
  const failed = done.filter((each) => each.status === "rejected")
  for (const { reason } of failed) ctx.log.warn("change not shown", { ticket: id, error: toAppError(reason).message })
  const again = (after: number) => sql`${new Date(ctx.now().getTime() + after).toISOString()}::timestamptz`
  await ctx.db.execute(sql`
    update tickets set show_at = case when claimed_by is distinct from ${ticket.claimedBy} or category_id <> ${ticket.categoryId} then ${again(0)}
      else ${failed.length === 0 ? sql`null` : again(againAfter)} end
    where id = ${id}`)
}

/** Ids of tickets whose place in Discord does not show who answers them, or their category. */
export async function selectDueClaims(ctx: Pick<TicketContext, "db" | "now">, limit: number): Promise<string[]> {
  const found = await ctx.db.execute<{ id: string }>(sql`
    select id from tickets where show_at <= ${ctx.now().toISOString()}::timestamptz and status = 'open'
      and control_message_id is not null order by show_at limit ${limit}`)
  return found.rows.map(({ id }) => id)
}
