import type { Context } from "../context.ts"
import type { DiscordRest } from "../vendors/discord/discordRest.ts"

/** What work on tickets in Discord takes. */
export type TicketContext = Context<{ discord: DiscordRest }, "tickets"> & {
  config: { guildId: string; portalUrl: string; linkSecret: string }
}
