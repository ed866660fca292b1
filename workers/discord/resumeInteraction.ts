import { InteractionType } from "discord-api-types/v10"
import { settleInteraction } from "../../shared/support/settleInteraction.ts"
import { readUnfinished } from "../../shared/support/unfinishedInteractions.ts"
import { readInteraction } from "../../shared/vendors/discord/readInteraction.ts"
import { actingContext } from "./actingContext.ts"
import type { DiscordContext } from "./discordContext.ts"
import { findHandler } from "./findHandler.ts"
import { finish } from "./finish.ts"
import type { Handlers } from "./handler.ts"

/** Finishes what was put off and over which somebody died; nothing where it is over. Throws where the database does not answer. */
export async function resumeInteraction(ctx: DiscordContext, handlers: Handlers, id: string): Promise<void> {
  const payload = await readUnfinished(ctx, { id })
  if (payload === null) return
  const interaction = readInteraction(JSON.stringify(payload))
  if (interaction && interaction.type !== InteractionType.Ping) {
    const found = findHandler(interaction, handlers)
    if (found.handler && "defer" in found.handler)
      return finish(actingContext(ctx, interaction, found), found.handler, interaction, Promise.resolve(true))
  }
  await settleInteraction(ctx, { id, error: "Nothing here finishes it any more.", next: "staff" })
}
