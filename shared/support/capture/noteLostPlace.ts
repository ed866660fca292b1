import { sql } from "drizzle-orm"
import { batch } from "../../db/batch.ts"
import { notifyStaff } from "../../staff/notifyStaff.ts"
import { ticketEvent } from "../ticketEvent.ts"
import { closeByItself } from "../work/closeByItself.ts"
import type { CapturePlace } from "./capturePlace.ts"
import type { CaptureContext } from "./captureTicket.ts"
import type { ClaimedCapture } from "./claimCapture.ts"

/**
 * The place has been deleted in Discord: staff are told once and the ticket is closed. The staff's thread alone is no loss to
 * whoever asks; then false.
 */
export async function noteLostPlace(
  ctx: CaptureContext,
  ticket: Pick<ClaimedCapture, "id" | "number">,
  { channelId, internal }: CapturePlace,
  { final }: { final: boolean },
): Promise<boolean> {
  const { id, number } = ticket
  if (internal) {
    await ctx.db.execute(
      sql`update tickets set staff_thread_id = null where id = ${id} and staff_thread_id = ${channelId}`,
    )
    return false
  }
  await batch(ctx.db, [
    ticketEvent(ctx, { ticketId: id, kind: "place_lost", once: channelId, data: { channel: channelId } }),
    notifyStaff(ctx, {
      key: `ticket:${id}:lost:${channelId}`,
      message: `The channel of ticket #${number} was deleted in Discord. What was said until the last look is kept.`,
    }),
  ])
  if (!final) await closeByItself(ctx, { id, reason: "Its channel was deleted in Discord." })
  return true
}
