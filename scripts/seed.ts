import { drizzle } from "drizzle-orm/node-postgres"
import pg from "pg"
import { portsFrom } from "./local/localEnv.ts"
import { migrateDatabase } from "./local/migrateDatabase.ts"
import { readArgs } from "./local/readArgs.ts"
import { businessStatements } from "./seed/business.ts"

const usage = `npm run seed -- --customers N [--seed N] [--date YYYY-MM-DD]

Fills the database at DATABASE_URL (the one of npm start) with a made-up business of N customers and 20 timeline
entries each. The same seed and date make the same business; running it again adds nothing.`

const { values } = readArgs(usage, {
  options: {
    customers: { type: "string" },
    seed: { type: "string", default: "1" },
    date: { type: "string", default: "2026-11-01" },
    help: { type: "boolean", default: false },
  },
})
const customers = Number(values.customers)
const seed = Number(values.seed)
const now = new Date(`${values.date}T00:00:00Z`)
if (
  values.help ||
  !Number.isInteger(customers) ||
  customers < 1 ||
  customers > 10_000_000 ||
  !Number.isInteger(seed) ||
  Number.isNaN(now.getTime())
) {
  if (!values.help)
    console.error("--customers takes a number up to 10,000,000, --seed a whole number, --date a day as 2026-11-01.\n")
  console.log(usage)
  process.exit(values.help ? 0 : 2)
}

const url = process.env.DATABASE_URL ?? `postgres://postgres:postgres@127.0.0.1:${portsFrom(8787).postgres}/ops`
const client = new pg.Client({ connectionString: url })
try {
  await migrateDatabase(url)
  await client.connect()
  const db = drizzle(client)
  for (const { what, statement } of businessStatements({ customers, seed, now })) {
    const started = performance.now()
    const written = await db.execute(statement)
    console.log(
      `${String(written.rowCount ?? 0).padStart(9)} ${what.padEnd(20)} ${((performance.now() - started) / 1000).toFixed(1)} s`,
    )
  }
  await client.query("analyze")
} catch (error) {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const message = cause instanceof Error ? cause.message || String(cause) : String(cause)
  console.error(
    `The database at ${new URL(url).host} could not be filled: ${message}. Does the system run? Start it with "npm start".`,
  )
  process.exitCode = 1
} finally {
  await client.end()
}
