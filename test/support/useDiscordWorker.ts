import path from "node:path"
import { afterAll, beforeAll, beforeEach } from "vitest"
import { createTestHarness, unstable_readConfig } from "wrangler"
import { localSecrets } from "../../scripts/local/localEnv.ts"
import { startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { type DiscordApi, startDiscordApi } from "./discordApi.ts"
import { applicationId, discordKeys, guildId, signedHeaders } from "./discordInteractions.ts"
import type { TestDatabase } from "./useDatabase.ts"

const root = path.join(import.meta.dirname, "../..")

const echo = "test/support/discordEchoWorker.ts"

/**
 * The discord Worker with test/support/discordEchoWorker.ts' handlers, or as another `main` has it, in workerd, a database
 * whose delay the test sets, and Discord's API as the test tells it to answer; or, by its address and key, the stand-in.
 */
export function useDiscordWorker(
  database: TestDatabase,
  standIn?: { readonly apiBase: string; publicKey: string; guildId?: string; applicationId?: string },
  main: string = echo,
) {
  process.env.WRANGLER_SEND_METRICS = "false"
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false"
  const harness = createTestHarness()
  const keys = discordKeys()
  const slow = { milliseconds: 0, down: false }
  let neon: Awaited<ReturnType<typeof startNeonHttp>> | undefined
  let api: DiscordApi | undefined

  beforeAll(async () => {
    neon = await startNeonHttp({
      hooks: {
        async before() {
          if (slow.down) throw new Error("The database is down.")
          if (slow.milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, slow.milliseconds))
        },
      },
    })
    api = await startDiscordApi()
    const { compatibility_date, alias, vars, queues, r2_buckets } = unstable_readConfig({
      config: path.join(root, "wrangler.toml"),
      env: "discord",
    })
    await harness.update({
      root,
      workers: [
        {
          config: {
            name: "discord-echo",
            main,
            compatibility_date,
            alias,
            queues: { producers: queues.producers },
            r2_buckets,
            vars: {
              ...vars,
              ...localSecrets,
              RELEASE: "test",
              DATABASE_URL: database.url,
              DATABASE_HTTP_ENDPOINT: neon.endpoint,
              DISCORD_PUBLIC_KEY: standIn?.publicKey ?? keys.publicKey,
              DISCORD_APPLICATION_ID: standIn?.applicationId ?? applicationId,
              DISCORD_GUILD_ID: standIn?.guildId ?? guildId,
              DISCORD_API_BASE: standIn?.apiBase ?? api.url,
            },
          },
        },
      ],
    })
    await harness.listen()
  })
  beforeEach(() => {
    slow.milliseconds = 0
    slow.down = false
    api?.reset()
  })
  afterAll(async () => {
    await harness.close()
    await neon?.close()
    await api?.close()
  })

  const post = (body: string, headers: Record<string, string>) =>
    harness.getWorker("discord-echo").fetch("http://discord/interactions", { method: "POST", headers, body })

  return {
    keys,
    slow,
    post,
    get api(): DiscordApi {
      if (!api) throw new Error("Discord's API has not been started yet.")
      return api
    },
    /** As Discord does it. */
    send(interaction: object) {
      const body = JSON.stringify(interaction)
      return post(body, signedHeaders(body, keys.privateKey))
    },
    logs: () => harness.getLogs(),
  }
}
