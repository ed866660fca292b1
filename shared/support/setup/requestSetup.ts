import type { Context } from "../../context.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import { requirePermission } from "../../staff/requirePermission.ts"
import { ticketRef } from "../ticketRef.ts"

/** Has Discord set up by whoever has the bot's token; what comes of it is kept as the setting `discordSetup`. */
export async function requestSetup(ctx: Context<object, "tickets">): Promise<void> {
  requirePermission(ctx, "tickets:manage")
  await ctx.db.execute(auditEntry(ctx, { action: "discord.setUp", subject: { type: "discord", id: "server" } }))
  await ctx.queues.tickets.send({ ids: [ticketRef("setup", "now")] })
}
