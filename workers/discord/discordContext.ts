import type { Context } from "../../shared/context.ts"
import { checkEnv } from "../../shared/env.ts"
import type { FileStore } from "../../shared/files/fileStore.ts"
import { r2FileStore } from "../../shared/files/r2FileStore.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import type { DiscordLimits } from "../../shared/vendors/discord/discordLimits.ts"
import { createDiscordRest, type DiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import { createResend, type ResendApi } from "../../shared/vendors/resend.ts"

export interface DiscordContext
  extends Context<{ discord: DiscordRest; files: FileStore; resend: ResendApi }, "tickets" | "emails"> {
  config: {
    publicKey: string
    guildId: string
    /** Where transcripts are read, and what signs links to them. */
    portalUrl: string
    linkSecret: string
  }
}

export function discordContext(env: Cloudflare.DiscordEnv, limits: DiscordLimits): DiscordContext {
  const checked = checkEnv("discord", env)
  const discord = createDiscordRest({
    token: checked.DISCORD_BOT_TOKEN,
    applicationId: checked.DISCORD_APPLICATION_ID,
    apiBase: checked.DISCORD_API_BASE,
    release: checked.RELEASE,
    limits,
  })
  const resend = createResend({ apiKey: checked.RESEND_API_KEY, apiBase: checked.RESEND_API_BASE })
  return {
    ...createContext({
      worker: "discord",
      env: checked,
      actor: { kind: "public" },
      vendors: { discord, files: r2FileStore(env.FILES), resend },
      queues: { tickets: env.TICKETS, emails: env.EMAILS },
    }),
    config: {
      publicKey: checked.DISCORD_PUBLIC_KEY,
      guildId: checked.DISCORD_GUILD_ID,
      portalUrl: checked.PORTAL_URL,
      linkSecret: checked.LINK_SECRET,
    },
  }
}
