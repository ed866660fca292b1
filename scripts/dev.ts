import { rmSync } from "node:fs"
import path from "node:path"
import { createDatabase } from "../shared/db/client.ts"
import type { WorkerName } from "../shared/env.ts"
import { startFakes } from "../test/fakes/server.ts"
import { startCron } from "./local/cron.ts"
import { localBindings, localSecrets, portsFrom, workerNames } from "./local/localEnv.ts"
import { localSetup } from "./local/localSetup.ts"
import { migrateDatabase } from "./local/migrateDatabase.ts"
import { startNeonHttp } from "./local/neonHttp.ts"
import { startPostgres } from "./local/postgres.ts"
import { readArgs } from "./local/readArgs.ts"
import { seedDatabase } from "./local/seedDatabase.ts"
import { startLocalWorker } from "./local/workers.ts"

/** What a person opens of a Worker. */
const firstPages: Partial<Record<WorkerName, string>> = { admin: "/", crm: "/docs" }

const usage = `npm start -- [--fresh] [--port N] [--data DIR]

  --fresh     begin with an empty database
  --port N    first of the block of ports (8787)
  --data DIR  where the database and the Workers' local state live (.data)

DATABASE_URL points it at another PostgreSQL; STRIPE_SECRET_KEY (with STRIPE_WEBHOOK_SECRET) or RESEND_API_KEY
(with RESEND_WEBHOOK_SECRET) or DISCORD_BOT_TOKEN (with DISCORD_PUBLIC_KEY, DISCORD_APPLICATION_ID and DISCORD_GUILD_ID) replaces that vendor's stand-in by the vendor itself.`

process.env.WRANGLER_SEND_METRICS ??= "false"
process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false"
// The Workers' processes share the local state: what wrangler keeps beside it, traces and an explorer, locks its files.
process.env.X_LOCAL_OBSERVABILITY ??= "false"
process.env.X_LOCAL_EXPLORER ??= "false"
process.env.WRANGLER_LOG_PATH ??= path.join(import.meta.dirname, "../.wrangler/logs")

const { values } = readArgs(usage, {
  options: {
    fresh: { type: "boolean", default: false },
    port: { type: "string", default: "8787" },
    data: { type: "string", default: path.join(import.meta.dirname, "../.data") },
    help: { type: "boolean", default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const firstPort = Number(values.port)
if (!Number.isInteger(firstPort) || firstPort < 1024 || firstPort > 65_000) {
  console.error(`--port takes a number from 1024 to 65000, not "${values.port}".\n\n${usage}`)
  process.exit(2)
}

const ports = portsFrom(firstPort)
const dataDir = path.resolve(values.data)
const closers: (() => Promise<void> | void)[] = []
let stopping = false

async function stop(code: number): Promise<never> {
  if (stopping) process.exit(code)
  stopping = true
  for (const close of closers.reverse()) {
    try {
      await close()
    } catch (error) {
      console.error(String(error))
    }
  }
  process.exit(code)
}
process.on("SIGINT", () => void stop(0))
process.on("SIGTERM", () => void stop(0))

const step = (message: string) => console.log(`  ${message}`)

async function start(): Promise<void> {
  console.log("Ops HQ starts ...")
  if (values.fresh) rmSync(path.join(dataDir, "fakes.json"), { force: true })

  let databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl) {
    const postgres = await startPostgres({
      dataDir: path.join(dataDir, "postgres"),
      port: ports.postgres,
      durable: true,
      fresh: values.fresh,
    })
    closers.push(() => postgres.stop())
    databaseUrl = await postgres.ensureDatabase("ops")
    step(`PostgreSQL   ${databaseUrl}`)
  }
  await migrateDatabase(databaseUrl)

  const neon = await startNeonHttp({ port: ports.neonHttp })
  closers.push(() => neon.close())
  await seedDatabase(createDatabase({ url: databaseUrl, httpEndpoint: neon.endpoint }))

  const address = (port: number) => `http://127.0.0.1:${port}`
  const fakes = await startFakes({
    port: ports.fakes,
    stateFile: path.join(dataDir, "fakes.json"),
    stripe: {
      webhookUrl: `${address(ports.webhooks)}/stripe`,
      webhookSecret: localSecrets.STRIPE_WEBHOOK_SECRET,
      apiKey: localSecrets.STRIPE_SECRET_KEY,
    },
    resend: {
      webhookUrl: `${address(ports.webhooks)}/resend`,
      webhookSecret: localSecrets.RESEND_WEBHOOK_SECRET,
      apiKey: localSecrets.RESEND_API_KEY,
    },
    discord: {
      webhookUrl: `${address(ports.discord)}/interactions`,
      botToken: localSecrets.DISCORD_BOT_TOKEN,
    },
    links: workerNames.map((name) => ({ label: name, url: `${address(ports[name])}${firstPages[name] ?? "/health"}` })),
  })
  closers.push(() => fakes.close())
  step(`Stand-ins    ${fakes.url}`)

  const bindings = localBindings({
    databaseUrl,
    databaseHttpEndpoint: neon.endpoint,
    ports,
    environment: process.env,
  })
  // One after the other: at once, they find the files of the local state locked by each other.
  for (const name of workerNames) {
    const worker = await startLocalWorker({ name, port: ports[name], bindings, stateDir: dataDir })
    closers.push(() => worker.dispose())
    const response = await fetch(`${worker.url}/health`)
    const health: unknown = await response.json()
    const note = typeof health === "object" && health !== null && "note" in health ? `  ${String(health.note)}` : ""
    step(`${worker.name.padEnd(12)} ${worker.url}${response.ok ? "" : "  NOT WELL"}${note}`)
    if (!response.ok) throw new Error(`The ${worker.name} Worker is not well: ${JSON.stringify(health)}`)
    closers.push(startCron({ worker: worker.name, url: worker.url, onError: (message) => console.error(message) }))
  }
  // A server of one's own is set up by npm run discord:setup, when its owner wants it.
  if (!process.env.DISCORD_BOT_TOKEN) {
    const { problems } = await localSetup(bindings)
    for (const problem of problems) console.error(`Discord: ${problem}`)
  }
  console.log(`\nready   Play a customer and read their mail at ${fakes.url}\n`)
}

function reasonOf(error: unknown): string {
  const taken = error instanceof Error && "code" in error && error.code === "EADDRINUSE" && "port" in error
  if (taken)
    return `port ${error.port} is taken. Does it run already? To run another one beside it: npm start -- --port ${firstPort + 20} --data DIR`
  return error instanceof Error ? error.message : String(error)
}

start().catch(async (error: unknown) => {
  console.error(`\nOps HQ could not start: ${reasonOf(error)}`)
  await stop(1)
})
