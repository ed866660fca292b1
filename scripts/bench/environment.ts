import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { seedDefaults } from "../../shared/automation/defaults/seedDefaults.ts"
import type { Context } from "../../shared/context.ts"
import { createDatabase, type Database } from "../../shared/db/client.ts"
import { silentLogger } from "../../shared/log.ts"
import { seedSupport } from "../../shared/support/settings/seedSupport.ts"
import { freePort } from "../local/freePort.ts"
import { migrateDatabase } from "../local/migrateDatabase.ts"
import { type NeonHttp, startNeonHttp } from "../local/neonHttp.ts"
import { startPostgres } from "../local/postgres.ts"

export interface BenchEnvironment {
  db: Database
  databaseUrl: string
  neon: NeonHttp
  close(): Promise<void>
}

/** A PostgreSQL of its own, migrated and with the shipped rules, behind Neon's HTTP protocol. Durable, as in production. */
export async function benchEnvironment(): Promise<BenchEnvironment> {
  const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-bench-"))
  // PostgreSQL runs as another user under root, who must be able to get in.
  chmodSync(folder, 0o755)
  const postgres = await startPostgres({
    dataDir: path.join(folder, "postgres"),
    port: await freePort(),
    durable: true,
  })
  const databaseUrl = await postgres.ensureDatabase("bench")
  await migrateDatabase(databaseUrl)
  const neon = await startNeonHttp()
  const db = createDatabase({ url: databaseUrl, httpEndpoint: neon.endpoint })
  const ctx: Context = {
    db,
    now: () => new Date(),
    actor: { kind: "job", name: "bench" },
    requestId: "seed",
    log: silentLogger,
    queues: {},
    vendors: {},
  }
  await seedDefaults(ctx)
  await seedSupport(ctx)
  return {
    db,
    databaseUrl,
    neon,
    async close() {
      await neon.close()
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
