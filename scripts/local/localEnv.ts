import type { WorkerName } from "../../shared/env.ts"
import { discordIdentity } from "../../test/fakes/discord/identity.ts"

/** Obviously fake secrets of local development: what the vendors' stand-ins and the Workers agree on. */
export const localSecrets = {
  STRIPE_WEBHOOK_SECRET: "whsec_local_stripe_not_a_secret",
  STRIPE_SECRET_KEY: "sk_test_local_not_a_secret",
  RESEND_WEBHOOK_SECRET: "whsec_bG9jYWwtcmVzZW5kLW5vdC1hLXNlY3JldA==",
  RESEND_API_KEY: "re_local_not_a_secret",
  SIGN_IN_SECRET: "local-sign-in-not-a-secret-000000000",
  LINK_SECRET: "local-link-not-a-secret",
  TRIALS_TOKEN: "local-trials-not-a-secret",
  DISCORD_BOT_TOKEN: discordIdentity.botToken,
  DISCORD_PUBLIC_KEY: discordIdentity.publicKey,
}

/** The bot and its server at Discord's stand-in. */
export const localDiscord = {
  DISCORD_APPLICATION_ID: discordIdentity.applicationId,
  DISCORD_GUILD_ID: discordIdentity.guildId,
}

export const workerNames: readonly WorkerName[] = ["admin", "crm", "webhooks", "discord", "portal", "jobs", "email"]

/** Where things answer, counted from the first port of the block. */
export function portsFrom(base: number) {
  return {
    admin: base,
    crm: base + 1,
    webhooks: base + 2,
    discord: base + 3,
    portal: base + 4,
    jobs: base + 5,
    email: base + 6,
    neonHttp: base + 10,
    postgres: base + 11,
    fakes: base + 12,
  }
}
export type Ports = ReturnType<typeof portsFrom>

const address = (port: number) => `http://127.0.0.1:${port}`

/** Vars and secrets of each Worker on a laptop. A real vendor key in the environment replaces that vendor's stand-in. */
export function localBindings(options: {
  databaseUrl: string
  databaseHttpEndpoint: string
  ports: Ports
  environment: NodeJS.ProcessEnv
}) {
  const { databaseUrl, databaseHttpEndpoint, ports, environment } = options
  const real = (name: keyof typeof localSecrets) => environment[name] ?? localSecrets[name]
  const fakes = address(ports.fakes)
  return {
    STAGE: "local",
    RELEASE: "local",
    DATABASE_URL: databaseUrl,
    DATABASE_HTTP_ENDPOINT: databaseHttpEndpoint,
    STRIPE_MODE: environment.STRIPE_SECRET_KEY?.includes("_live_") ? "live" : "test",
    STRIPE_WEBHOOK_SECRET: real("STRIPE_WEBHOOK_SECRET"),
    STRIPE_SECRET_KEY: real("STRIPE_SECRET_KEY"),
    STRIPE_API_BASE: environment.STRIPE_SECRET_KEY ? "" : `${fakes}/stripe`,
    RESEND_WEBHOOK_SECRET: real("RESEND_WEBHOOK_SECRET"),
    RESEND_API_KEY: real("RESEND_API_KEY"),
    RESEND_API_BASE: environment.RESEND_API_KEY ? "" : `${fakes}/resend`,
    LINK_SECRET: real("LINK_SECRET"),
    SIGN_IN_SECRET: real("SIGN_IN_SECRET"),
    TRIALS_TOKEN: real("TRIALS_TOKEN"),
    DISCORD_BOT_TOKEN: real("DISCORD_BOT_TOKEN"),
    DISCORD_PUBLIC_KEY: real("DISCORD_PUBLIC_KEY"),
    DISCORD_APPLICATION_ID: environment.DISCORD_APPLICATION_ID ?? localDiscord.DISCORD_APPLICATION_ID,
    DISCORD_GUILD_ID: environment.DISCORD_GUILD_ID ?? localDiscord.DISCORD_GUILD_ID,
    DISCORD_API_BASE: environment.DISCORD_BOT_TOKEN ? "" : `${fakes}/discord/api/v10`,
    PORTAL_URL: address(ports.portal),
    SIGN_IN: "local",
  }
}
