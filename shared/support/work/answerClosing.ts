import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { actorName } from "../../staff/actorName.ts"
import { changeTicket } from "./changeTicket.ts"

/**
 * The opener's answer to whether the ticket may be closed, from whoever has the link that they were mailed. What closing
 * takes is done by the sweep. Throws `not_found`, and `conflict` where nobody asks (any more).
 */
export async function answerClosing(ctx: Context, { id, solved }: { id: string; solved: boolean }): Promise<void> {
  const now = ctx.now().toISOString()
  const reason = "Solved, says who opened it"
  await changeTicket(ctx, {
    id,
    set: solved
      ? sql`status = 'closing', closed_at = ${now}, closed_by = ${actorName(ctx.actor)}, closed_by_label = t.opener_name, close_reason = ${reason},
          next_attempt_at = ${now}, attempts = 0, lease_until = null, error = null`
      : sql`close_asked_at = null, last_from = 'opener', last_message_at = ${now}, nudged_at = null, warned_at = null`,
    where: sql`t.status = 'open' and t.close_asked_at is not null`,
    event: solved ? { kind: "closed", data: { reason } } : { kind: "close_declined" },
    otherwise: "Nobody asks whether this ticket is solved any more.",
  })
}
