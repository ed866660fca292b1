import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { ticketRef } from "../ticketRef.ts"

/** Has the panel in Discord brought up to date now, though that has just failed. */
export async function requestPanel(ctx: Context<object, "tickets">): Promise<void> {
  requirePermission(ctx, "tickets:manage")
  await ctx.db.batch([
    ctx.db.execute(auditEntry(ctx, { action: "discord.panelRetried", subject: { type: "discord", id: "panel" } })),
    ctx.db.execute(
      sql`update settings set value = value || '{"error": "", "triedAt": ""}' where name = 'supportPanel'`,
    ),
  ])
  await ctx.queues.tickets.send({ ids: [ticketRef("panel", "now")] })
}
