import { AppError } from "../shared/errors.ts"
import { localBindings, portsFrom } from "./local/localEnv.ts"
import { localSetup } from "./local/localSetup.ts"
import { startNeonHttp } from "./local/neonHttp.ts"
import { readArgs } from "./local/readArgs.ts"

const usage = `npm run discord:setup -- [--panel CHANNEL_ID] [--port N]

Registers the commands in the server DISCORD_GUILD_ID, makes a category for tickets, posts the panel with its button, and
says what is missing. DISCORD_BOT_TOKEN, DISCORD_APPLICATION_ID and DATABASE_URL say where; without them it is the stand-in
and the database of npm start. It can be run again at any time.

  --panel CHANNEL_ID   where the panel goes; otherwise it stays, or goes to #support
  --port N             first of the block of ports of npm start (8787)`

const { values } = readArgs(usage, {
  options: {
    panel: { type: "string" },
    port: { type: "string", default: "8787" },
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
const databaseUrl = process.env.DATABASE_URL ?? `postgres://postgres:postgres@127.0.0.1:${ports.postgres}/ops`
// The verbs speak Neon's HTTP protocol; in front of any PostgreSQL it is spoken here.
const neon = await startNeonHttp()
const env = localBindings({ databaseUrl, databaseHttpEndpoint: neon.endpoint, ports, environment: process.env })
try {
  const report = await localSetup(env, values.panel ? { panelChannelId: values.panel } : {})
  for (const line of report.done) console.log(`ok       ${line}`)
  for (const line of report.problems) console.log(`missing  ${line}`)
  process.exitCode = report.problems.length > 0 ? 1 : 0
} catch (error) {
  console.error(
    error instanceof AppError ? error.message : `The database at ${new URL(databaseUrl).host} does not answer.`,
  )
  process.exitCode = 1
} finally {
  await neon.close()
}
