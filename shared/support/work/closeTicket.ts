import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { actorName } from "../../staff/actorName.ts"
import { isPermitted } from "../../staff/requirePermission.ts"
import { keepable } from "../keepable.ts"
import { shownName } from "../shownName.ts"
import { ticketRef } from "../ticketRef.ts"
import { changeTicket } from "./changeTicket.ts"

/**
 * Decides that a ticket is over, with the reason: staff of any, whoever opened it of their own. What was said is saved and
 * its place taken away afterwards. Done again under the same `once` it was done already. Throws `forbidden`, `bad_request` without a reason, `conflict` where it is closed.
 */
export async function closeTicket(
  ctx: Context<object, "tickets">,
  { id, reason, once }: { id: string; reason: string; once?: string },
): Promise<void> {
  const { actor } = ctx
  const staff = isPermitted(actor, "tickets:write")
  if (!staff && actor.kind !== "discord")
    throw new AppError("forbidden", "Only staff and who opened it close a ticket.")
  const kept = keepable(reason, 500)
  if (kept === "") throw new AppError("bad_request", "Say why the ticket is closed.")
  const now = ctx.now().toISOString()
  const mine = staff || actor.kind !== "discord" ? sql`true` : sql`t.opener_id = ${actor.userId}`
  await changeTicket(ctx, {
    id,
    set: sql`status = 'closing', closed_at = ${now}, closed_by = ${actorName(actor)}, closed_by_label = ${shownName(actor)},
      close_reason = ${kept}, next_attempt_at = ${now}, attempts = 0, lease_until = null, error = null`,
    where: sql`t.status in ('opening', 'open') and ${mine}`,
    event: { kind: "closed", data: { reason: kept }, once },
    otherwise: "This ticket is closed already, or is somebody else's.",
  })
  await ctx.queues.tickets.send({ ids: [ticketRef("ticket", id)] })
}
