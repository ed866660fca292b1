import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import type { priorities } from "../../db/schema/support.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { ticketRef } from "../ticketRef.ts"
import { changeTicket } from "./changeTicket.ts"
import { toBeShown } from "./toBeShown.ts"

interface Work {
  id: string
  /** Tells this time apart: done again under the same, it was done already. */
  once?: string
}

export async function setTicketPriority(
  ctx: Context<object, "tickets">,
  { id, priority, once }: Work & { priority: (typeof priorities)[number] },
): Promise<void> {
  requirePermission(ctx, "tickets:write")
  await changeTicket(ctx, {
    id,
    set: sql`priority = ${priority}`,
    where: sql`t.priority <> ${priority}`,
    event: { kind: "reprioritised", data: { priority }, once },
    already: { is: sql`t.priority = ${priority}`, says: `It has the priority ${priority} already.` },
    otherwise: "The ticket changed in this moment. Try again.",
  })
}

/** Its place in Discord tells of it, and lets in who answers those. Throws `conflict` where the category is not there, or the opener has another open ticket in it. */
export async function setTicketCategory(
  ctx: Context<object, "tickets">,
  { id, categoryId, once }: Work & { categoryId: string },
): Promise<void> {
  requirePermission(ctx, "tickets:write")
  await changeTicket(ctx, {
    id,
    set: sql`category_id = ${categoryId}, shown_category_id = case when t.source = 'discord' then coalesce(t.shown_category_id, t.category_id) end,
      ${toBeShown(ctx)}`,
    where: sql`t.category_id <> ${categoryId} and exists (select from ticket_categories where id = ${categoryId})
      and (t.status = 'closed' or t.source <> 'discord' or not exists (
        select from tickets o where o.guild_id = t.guild_id and o.opener_id = t.opener_id and o.category_id = ${categoryId}
          and o.status <> 'closed' and o.source = 'discord'))`,
    event: { kind: "recategorised", data: { category: categoryId }, once },
    already: { is: sql`t.category_id = ${categoryId}`, says: "It is in this category already." },
    otherwise: "There is no such category, or its opener has another open ticket there.",
  })
  await ctx.queues.tickets.send({ ids: [ticketRef("show", id)] })
}
