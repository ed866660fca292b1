import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { ticketRef } from "../ticketRef.ts"
import { isLeft } from "./isLeft.ts"

/**
 * Has done again, in the name of whoever did it in Discord, what came to nothing. Throws `conflict` where it is over, or
 * nothing of it is kept.
 */
export async function retryInteraction(ctx: Context<object, "tickets">, { id }: { id: string }): Promise<void> {
  requirePermission(ctx, "tickets:write")
  const again = sql`id = ${id} and payload is not null and ${isLeft(ctx.now())}`
  const [, changed] = await ctx.db.batch([
    ctx.db.execute(
      auditEntry(ctx, {
        action: "discordInteraction.retried",
        subject: { type: "discordInteraction", id },
        where: sql`exists (select from discord_interactions where ${again})`,
      }),
    ),
    ctx.db.execute(sql`update discord_interactions set failed_at = null, error = null where ${again}`),
  ])
  if (changed.rowCount === 0) throw new AppError("conflict", "It is over already, or nothing of it is kept.")
  await ctx.queues.tickets.send({ ids: [ticketRef("interaction", id)] })
}
