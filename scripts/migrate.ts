import { portsFrom } from "./local/localEnv.ts"
import { migrateDatabase } from "./local/migrateDatabase.ts"

const url = process.env.DATABASE_URL ?? `postgres://postgres:postgres@127.0.0.1:${portsFrom(8787).postgres}/ops`
const target = new URL(url)
try {
  await migrateDatabase(url)
  console.log(`migrated ${target.host}${target.pathname}`)
} catch (error) {
  console.error(
    `Could not migrate ${target.host}${target.pathname}: ${error instanceof Error ? error.message : String(error)}`,
  )
  process.exitCode = 1
}
