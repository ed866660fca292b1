import type { Context } from "../../context.ts"
import { ticketRef } from "../ticketRef.ts"

/** Has a reply delivered now. Where the queue does not hear of it, the sweep finds it. */
export async function sendReplyOff(ctx: Context<object, "tickets">, messageId: string): Promise<void> {
  try {
    await ctx.queues.tickets.send({ ids: [ticketRef("reply", messageId)] })
  } catch (error) {
    ctx.log.warn("reply not queued; the sweep will deliver it", { message: messageId, error: String(error) })
  }
}
