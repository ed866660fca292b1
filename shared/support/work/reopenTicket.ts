import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { isPermitted, requirePermission } from "../../staff/requirePermission.ts"
import { openerBlocked } from "../open/openerBlocked.ts"
import { parseSupport, selectSupport } from "../supportSetup.ts"
import { ticketRef } from "../ticketRef.ts"
import { changeTicket } from "./changeTicket.ts"

/**
 * Opens a closed ticket again: staff any, whoever opened it their own for as many days as the settings say. Its place is
 * made anew where it is gone, or is just being taken away. Done again under the same `once` it was done already. Throws `forbidden` for who is blocked, `conflict` where it is open, too old, or its opener has another in the category.
 */
export async function reopenTicket(
  ctx: Context<object, "tickets">,
  { id, once }: { id: string; once?: string },
): Promise<void> {
  const { actor } = ctx
  const staff = isPermitted(actor, "tickets:write")
  if (!staff && actor.kind !== "discord")
    throw new AppError("forbidden", "Only staff and who opened it reopen a ticket.")
  const now = ctx.now()
  const userId = actor.kind === "discord" ? actor.userId : null
  const block = sql`select until from support_blocks where subject = ${userId} and (until is null or until > ${now.toISOString()}::timestamptz)`
  const [settingRows, categories, blocked] = await ctx.db.batch([
    ...selectSupport(ctx.db),
    ctx.db.execute<{ until: string | null }>(block),
  ])
  const [hold] = blocked.rows
  if (!staff && hold) throw openerBlocked(hold.until === null ? null : new Date(hold.until))
  const { settings } = parseSupport(settingRows, categories)
  const earliest = new Date(now.getTime() - settings.support.reopenDays * 86_400_000).toISOString()
  const allowed =
    staff || userId === null
      ? sql`true`
      : sql`t.opener_id = ${userId} and t.closed_at > ${earliest}::timestamptz and not exists (${block})`
  await changeTicket(ctx, {
    id,
    set: sql`status = case when source = 'discord' then 'opening' else 'open' end, reopened_at = ${now.toISOString()}, closed_at = null, closed_by = null,
      closed_by_label = null, close_reason = null, remove_place_at = null, control_message_id = null, nudged_at = null, warned_at = null,
      close_asked_at = null, close_told_at = null, last_from = ${staff ? sql`t.last_from` : sql`'opener'`}, last_message_at = ${now.toISOString()}, next_attempt_at = ${now.toISOString()}, attempts = 0, error = null,
      opener_seen_at = ${staff ? sql`t.opener_seen_at` : now.toISOString()}`,
    where: sql`t.status = 'closed' and t.merged_into is null and ${allowed} and (t.source <> 'discord' or not exists (
      select from tickets o where o.guild_id = t.guild_id and o.opener_id = t.opener_id and o.category_id = t.category_id
        and o.status <> 'closed' and o.source = 'discord'))`,
    event: { kind: "reopened", once },
    otherwise: "It is open, was merged or closed too long ago, or its opener has another open ticket about the same.",
  })
  await ctx.queues.tickets.send({ ids: [ticketRef("ticket", id)] })
}

/** Has work that failed tried again now. */
export async function retryTicket(ctx: Context<object, "tickets">, { id }: { id: string }): Promise<void> {
  requirePermission(ctx, "tickets:write")
  await ctx.db.execute(sql`
    update tickets set next_attempt_at = ${ctx.now().toISOString()}, lease_until = null
    where id::text = ${id} and status in ('opening', 'closing') and coalesce(lease_until, '-infinity') < ${ctx.now().toISOString()}`)
  await ctx.queues.tickets.send({ ids: [ticketRef("ticket", id)] })
}
