import type { Settings } from "../../settings/settings.ts"
import { createPrivateThread } from "../../vendors/discord/threads.ts"
import type { TicketContext } from "../ticketContext.ts"
import { findThread } from "./findThread.ts"
import type { Place } from "./makePlace.ts"
import { staffThreadName } from "./ticketNames.ts"

/**
 * The thread that staff alone see: of a channel one of its own private threads, of a thread another one of the same channel.
 * `mayBeThere`: somebody may have made it and not written it down.
 */
export async function staffThread(
  ctx: TicketContext,
  input: { number: number; place: Place; support: Settings["support"]; mayBeThere: boolean },
): Promise<string> {
  const { number, place, support, mayBeThere } = input
  const parentId = place.kind === "channel" ? place.channelId : support.panelChannelId
  const name = staffThreadName(number)
  const found = mayBeThere ? await findThread(ctx, { parentId, name, botUserId: support.botUserId }) : null
  if (found) return found
  const made = await createPrivateThread(ctx.vendors.discord, {
    channelId: parentId,
    name,
    archiveAfterMinutes: 10_080,
    reason: "For staff",
  })
  return made.id
}
