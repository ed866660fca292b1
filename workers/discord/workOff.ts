import { toAppError } from "../../shared/errors.ts"
import { deleteFiles } from "../../shared/files/deleteFiles.ts"
import { captureTicket } from "../../shared/support/capture/captureTicket.ts"
import { storeAttachments } from "../../shared/support/capture/storeAttachments.ts"
import { carryTicket } from "../../shared/support/carryTicket.ts"
import { checkOpener } from "../../shared/support/members/checkOpener.ts"
import { showClaim } from "../../shared/support/place/showClaim.ts"
import { deliverReply } from "../../shared/support/reply/deliverReply.ts"
import { setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { showPanel } from "../../shared/support/setup/showPanel.ts"
import { tendTicket } from "../../shared/support/stale/tendTicket.ts"
import { readTicketRefs, type TicketWork } from "../../shared/support/ticketRef.ts"
import type { DiscordContext } from "./discordContext.ts"
import type { Handlers } from "./handler.ts"
import { resumeInteraction } from "./resumeInteraction.ts"

/**
 * Does what messages of the `tickets` queue ask for. Each piece of work is leased and written down in the database, so
 * what fails here is not asked for again by the queue: the sweep does once its time has come.
 */
export async function workOff(ctx: DiscordContext, handlers: Handlers, bodies: unknown[]): Promise<void> {
  const does: Record<TicketWork, (id: string) => Promise<unknown>> = {
    ticket: (id) => carryTicket(ctx, { id }),
    capture: (id) => captureTicket(ctx, { id }),
    files: (ticketId) => storeAttachments(ctx, { ticketId }),
    reply: (id) => deliverReply(ctx, { id }),
    interaction: (id) => resumeInteraction(ctx, handlers, id),
    tend: (id) => tendTicket(ctx, { id }),
    deletions: () => deleteFiles(ctx),
    setup: () => setUpDiscord(ctx),
    opener: (id) => checkOpener(ctx, { id }),
    show: (id) => showClaim(ctx, { id }),
    panel: () => showPanel(ctx),
  }
  for (const { kind, id } of bodies.flatMap(readTicketRefs)) {
    try {
      await does[kind](id)
    } catch (thrown) {
      const { code, message, cause } = toAppError(thrown)
      ctx.log.error("work on a ticket failed", { kind, id, code, error: message, cause: String(cause ?? "") })
    }
  }
}
