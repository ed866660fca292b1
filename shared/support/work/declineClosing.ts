import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { isPermitted } from "../../staff/requirePermission.ts"
import { changeTicket } from "./changeTicket.ts"

/** Whoever opened it says that it is not solved. Throws `conflict` for anybody else, and where nobody has asked. */
export async function declineClosing(
  ctx: Context<object, "tickets">,
  { id, once }: { id: string; once?: string },
): Promise<void> {
  const { actor } = ctx
  const staff = isPermitted(actor, "tickets:write")
  if (!staff && actor.kind !== "discord") throw new AppError("forbidden", "Only who opened it answers.")
  const mine = staff || actor.kind !== "discord" ? sql`true` : sql`t.opener_id = ${actor.userId}`
  await changeTicket(ctx, {
    id,
    set: sql`close_asked_at = null, last_from = ${staff ? "staff" : "opener"}, last_message_at = ${ctx.now().toISOString()}, nudged_at = null, warned_at = null`,
    where: sql`t.status = 'open' and t.close_asked_at is not null and ${mine}`,
    event: { kind: "close_declined", once },
    otherwise: "Nobody asks whether this ticket is solved, or it is somebody else's.",
  })
}
