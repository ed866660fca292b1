import { createDatabase } from "../../shared/db/client.ts"
import { createLogger } from "../../shared/log.ts"
import { type SetupReport, setUpDiscord } from "../../shared/support/setup/setUpDiscord.ts"
import { createDiscordRest } from "../../shared/vendors/discord/discordRest.ts"
import type { localBindings } from "./localEnv.ts"

/** Sets Discord up from a process of ours, with the bindings that the Workers have. */
export const localSetup = (
  env: ReturnType<typeof localBindings>,
  input: { panelChannelId?: string } = {},
): Promise<SetupReport> =>
  setUpDiscord(
    {
      db: createDatabase({ url: env.DATABASE_URL, httpEndpoint: env.DATABASE_HTTP_ENDPOINT }),
      now: () => new Date(),
      actor: { kind: "job", name: "discord:setup" },
      requestId: crypto.randomUUID(),
      log: createLogger({ script: "discord:setup" }),
      queues: {},
      vendors: {
        discord: createDiscordRest({
          token: env.DISCORD_BOT_TOKEN,
          applicationId: env.DISCORD_APPLICATION_ID,
          apiBase: env.DISCORD_API_BASE,
          release: "setup",
        }),
      },
      config: { guildId: env.DISCORD_GUILD_ID },
    },
    input,
  )
