import type { Context } from "../../context.ts"
import type { ticketSources } from "../../db/schema/support.ts"
import { ticketRef } from "../ticketRef.ts"

/** Has a reply delivered now, by whoever speaks to its ticket. Where the queue does not hear of it, the sweep finds it. */
export async function sendReplyOff(
  ctx: Context<object, "tickets" | "emails">,
  { messageId, source }: { messageId: string; source: (typeof ticketSources)[number] },
): Promise<void> {
  const queue = source === "email" ? ctx.queues.emails : ctx.queues.tickets
  try {
    await queue.send({ ids: [ticketRef("reply", messageId)] })
  } catch (error) {
    ctx.log.warn("reply not queued; the sweep will deliver it", { message: messageId, error: String(error) })
  }
}
