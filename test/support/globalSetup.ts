import { chmodSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import type { TestProject } from "vitest/node"
import { freePort } from "../../scripts/local/freePort.ts"
import { migrateDatabase } from "../../scripts/local/migrateDatabase.ts"
import { startNeonHttp } from "../../scripts/local/neonHttp.ts"
import { startPostgres } from "../../scripts/local/postgres.ts"
import { startWorkerBuilds } from "./workerBuilds.ts"

declare module "vitest" {
  interface ProvidedContext {
    postgresUrl: string
    neonEndpoint: string
    workerBuilds: string
  }
}

/** One PostgreSQL for the whole run; each test file works in its own database, cloned from a migrated template. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(path.join(tmpdir(), "ops-hq-test-"))
  // PostgreSQL runs as another user under root, who must be able to get in.
  chmodSync(folder, 0o755)
  const postgres = await startPostgres({
    dataDir: path.join(folder, "postgres"),
    port: await freePort(),
    durable: false,
  })
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  await client.query("create database template_ops")
  await client.end()
  await migrateDatabase(postgres.urlOf("template_ops"))
  const neon = await startNeonHttp()
  project.provide("postgresUrl", postgres.url)
  project.provide("neonEndpoint", neon.endpoint)
  const builds = await startWorkerBuilds(path.join(folder, "workers"))
  project.provide("workerBuilds", builds.url)
  return async () => {
    await builds.close()
    await neon.close()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
