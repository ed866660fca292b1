import * as z from "zod/mini"
import { AppError } from "./errors.ts"

const text = z.string().check(z.minLength(1))
const optionalText = z._default(z.string(), "")

const common = {
  DATABASE_URL: z.string().check(z.regex(/^postgres(ql)?:\/\//)),
  DATABASE_HTTP_ENDPOINT: optionalText,
  STAGE: text,
  RELEASE: text,
}

const snowflake = z.string().check(z.regex(/^\d{17,20}$/, "is a number of 17 to 20 digits"))

const discordBot = {
  DISCORD_BOT_TOKEN: text,
  DISCORD_APPLICATION_ID: snowflake,
  DISCORD_GUILD_ID: snowflake,
  DISCORD_API_BASE: optionalText,
}

/** What each Worker must find in its Env; docs/operations.md says where each value comes from. */
export const envSchemas = {
  admin: z
    .object({
      ...common,
      SIGN_IN: z.enum(["access", "own", "local"]),
      SIGN_IN_SECRET: text,
      ADMIN_URL: optionalText,
      ACCESS_TEAM_DOMAIN: optionalText,
      ACCESS_AUDIENCE: optionalText,
      RESEND_API_KEY: text,
      RESEND_API_BASE: optionalText,
      LINK_SECRET: text,
      PORTAL_URL: z.url(),
    })
    .check(
      z.refine(
        ({ SIGN_IN, ACCESS_TEAM_DOMAIN, ACCESS_AUDIENCE }) =>
          SIGN_IN !== "access" ||
          (/^(https:\/\/[a-z0-9.-]+|http:\/\/127\.0\.0\.1:\d+)$/.test(ACCESS_TEAM_DOMAIN) && ACCESS_AUDIENCE !== ""),
        {
          path: ["ACCESS_TEAM_DOMAIN"],
          error:
            "with SIGN_IN access, ACCESS_TEAM_DOMAIN is https://<team>.cloudflareaccess.com and ACCESS_AUDIENCE its tag",
        },
      ),
      z.refine(
        ({ SIGN_IN, SIGN_IN_SECRET, ADMIN_URL }) =>
          SIGN_IN !== "own" ||
          (SIGN_IN_SECRET.length >= 32 && /^(https:\/\/[a-z0-9.-]+|http:\/\/localhost)(:\d+)?$/.test(ADMIN_URL)),
        {
          path: ["ADMIN_URL"],
          error: "with SIGN_IN own, ADMIN_URL is https://<host> and SIGN_IN_SECRET has 32 characters or more",
        },
      ),
    ),
  crm: z.object({ ...common, STRIPE_SECRET_KEY: text, STRIPE_API_BASE: optionalText }),
  discord: z.object({
    ...common,
    ...discordBot,
    RESEND_API_KEY: text,
    RESEND_API_BASE: optionalText,
    LINK_SECRET: text,
    PORTAL_URL: z.url(),
    DISCORD_PUBLIC_KEY: z.string().check(z.regex(/^[0-9a-f]{64}$/i, "is 64 hexadecimal digits")),
  }),
  jobs: z.object({
    ...common,
    STRIPE_SECRET_KEY: text,
    STRIPE_API_BASE: optionalText,
    TRIALS_URL: optionalText,
    TRIALS_TOKEN: text,
  }),
  portal: z.object({ ...common, LINK_SECRET: text }),
  webhooks: z.object({
    ...common,
    STRIPE_MODE: z.enum(["live", "test"]),
    STRIPE_ACCOUNT_ID: optionalText,
    STRIPE_WEBHOOK_SECRET: text,
    STRIPE_WEBHOOK_SECRET_PREVIOUS: optionalText,
    STRIPE_SECRET_KEY: text,
    STRIPE_API_BASE: optionalText,
    RESEND_WEBHOOK_SECRET: text,
    RESEND_WEBHOOK_SECRET_PREVIOUS: optionalText,
    RESEND_API_KEY: text,
    RESEND_API_BASE: optionalText,
  }),
  email: z.object({
    ...common,
    RESEND_API_KEY: text,
    RESEND_API_BASE: optionalText,
    LINK_SECRET: text,
    PORTAL_URL: z.url(),
  }),
}

export type WorkerName = keyof typeof envSchemas

/** The Env a Worker was started with, checked. Throws `misconfigured` naming each variable that is missing or wrong. */
export function checkEnv<Name extends WorkerName>(worker: Name, env: object): z.infer<(typeof envSchemas)[Name]> {
  const result = envSchemas[worker].safeParse(env)
  if (result.success) return result.data as z.infer<(typeof envSchemas)[Name]>
  const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`)
  throw new AppError(
    "misconfigured",
    `The ${worker} Worker cannot start. ${problems.join("; ")}. docs/operations.md lists every variable and where its value comes from.`,
    { details: { worker, problems } },
  )
}
