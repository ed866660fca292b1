import { createApiKey } from "../shared/apiKeys/createApiKey.ts"
import { createDatabase } from "../shared/db/client.ts"
import { AppError } from "../shared/errors.ts"
import { createLogger } from "../shared/log.ts"
import { permissions } from "../shared/staff/roles.ts"
import { portsFrom } from "./local/localEnv.ts"
import { startNeonHttp } from "./local/neonHttp.ts"
import { readArgs } from "./local/readArgs.ts"

const usage = `npm run api-key -- create --name NAME --scopes SCOPE,SCOPE [--days N]

Makes a key for the CRM API in the database at DATABASE_URL (the one of npm start) and prints it, once. It expires after
365 days unless told otherwise. Scopes: ${permissions.join(", ")}.`

const { values, positionals } = readArgs(usage, {
  allowPositionals: true,
  options: {
    name: { type: "string" },
    scopes: { type: "string" },
    days: { type: "string" },
    help: { type: "boolean", default: false },
  },
})
if (values.help || positionals[0] !== "create" || !values.name || !values.scopes) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}
const url = process.env.DATABASE_URL ?? `postgres://postgres:postgres@127.0.0.1:${portsFrom(8787).postgres}/ops`
// The verbs speak Neon's HTTP protocol; in front of any PostgreSQL it is spoken here.
const neon = await startNeonHttp()
try {
  const made = await createApiKey(
    {
      db: createDatabase({ url, httpEndpoint: neon.endpoint }),
      now: () => new Date(),
      actor: { kind: "job", name: "api-key" },
      requestId: crypto.randomUUID(),
      log: createLogger({ script: "api-key" }),
      queues: {},
      vendors: {},
    },
    {
      name: values.name,
      scopes: values.scopes.split(",").map((scope) => scope.trim()),
      ...(values.days !== undefined && { days: Number(values.days) }),
    },
  )
  console.log(made.key)
  console.error(`It expires on ${made.expiresAt.toISOString().slice(0, 10)} and is not shown again.`)
} catch (error) {
  const message = error instanceof AppError ? error.message : `The database at ${new URL(url).host} does not answer.`
  console.error(message)
  process.exitCode = 1
} finally {
  await neon.close()
}
