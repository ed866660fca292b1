import { createDatabase } from "../shared/db/client.ts"
import { AppError } from "../shared/errors.ts"
import { createLogger } from "../shared/log.ts"
import { bootstrapOwner } from "../shared/staff/bootstrapOwner.ts"
import { portsFrom } from "./local/localEnv.ts"
import { startNeonHttp } from "./local/neonHttp.ts"
import { readArgs } from "./local/readArgs.ts"

const usage = `npm run bootstrap-owner -- --email ADDRESS --name NAME

Makes the first owner in the database at DATABASE_URL (the one of npm start). It works once: owners make further staff
in the browser.`

const { values } = readArgs(usage, {
  options: { email: { type: "string" }, name: { type: "string" }, help: { type: "boolean", default: false } },
})
if (values.help || !values.email || !values.name) {
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}
const url = process.env.DATABASE_URL ?? `postgres://postgres:postgres@127.0.0.1:${portsFrom(8787).postgres}/ops`
// The verbs speak Neon's HTTP protocol; in front of any PostgreSQL it is spoken here.
const neon = await startNeonHttp()
try {
  await bootstrapOwner(
    {
      db: createDatabase({ url, httpEndpoint: neon.endpoint }),
      now: () => new Date(),
      actor: { kind: "job", name: "bootstrap-owner" },
      requestId: crypto.randomUUID(),
      log: createLogger({ script: "bootstrap-owner" }),
      queues: {},
      vendors: {},
    },
    { email: values.email, name: values.name },
  )
  console.log(`${values.email} is the owner.`)
} catch (error) {
  const message = error instanceof AppError ? error.message : `The database at ${new URL(url).host} does not answer.`
  console.error(message)
  process.exitCode = 1
} finally {
  await neon.close()
}
