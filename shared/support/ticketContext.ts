import type { Context } from "../context.ts"
import type { FileStore } from "../files/fileStore.ts"
import type { DiscordRest } from "../vendors/discord/discordRest.ts"

/** What work on tickets in Discord takes. */
export type TicketContext = Context<{ discord: DiscordRest; files: FileStore }, "tickets"> & {
  config: {
    guildId: string
    /** Where transcripts are read, and what signs links to them. */
    portalUrl: string
    linkSecret: string
  }
}
