import { spawn, spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { chownSync, existsSync, mkdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import pg from "pg"
import { postgresBinaries, reachableByOthers } from "./postgresBinaries.ts"

export interface LocalPostgres {
  /** Connection string of the maintenance database. */
  url: string
  urlOf(database: string): string
  /** Connection string of a database, created if it is not there. */
  ensureDatabase(name: string): Promise<string>
  stop(): Promise<void>
}

/** An unprivileged account that exists on every Unix; PostgreSQL refuses to run as root. */
const nobody = 65534

/**
 * Starts PostgreSQL with its data in `dataDir`, initialised on first use. Settings trade nothing but the survival of a
 * power cut when `durable` is false.
 */
export async function startPostgres(options: {
  dataDir: string
  port: number
  durable: boolean
  fresh?: boolean
  settings?: Record<string, string>
}): Promise<LocalPostgres> {
  const asRoot = process.getuid?.() === 0
  const account = asRoot ? { uid: nobody, gid: nobody } : {}
  const { initdb, postgres } = await postgresBinaries({ forOtherUser: asRoot })
  const dataDir = usableDataDir(options.dataDir, asRoot)
  if (options.fresh) rmSync(dataDir, { recursive: true, force: true })

  if (!existsSync(path.join(dataDir, "PG_VERSION"))) {
    rmSync(dataDir, { recursive: true, force: true })
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    if (asRoot) chownSync(dataDir, nobody, nobody)
    const result = spawnSync(
      initdb,
      ["-D", dataDir, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
      { ...account, cwd: "/", encoding: "utf8", env: { PATH: process.env.PATH, TZ: "UTC" } },
    )
    if (result.status !== 0)
      throw new Error(`PostgreSQL could not initialise ${dataDir}: ${result.stderr || result.error}`)
  }

  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "256MB",
    timezone: "UTC",
    ...(options.durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
    ...options.settings,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
  const server = spawn(postgres, ["-D", dataDir, "-p", String(options.port), ...args], {
    ...account,
    cwd: "/",
    stdio: ["ignore", "ignore", "pipe"],
    env: { PATH: process.env.PATH, TZ: "UTC" },
    // Its own process group, so that Ctrl-C in the terminal lets us stop it in order.
    detached: true,
  })
  let said = ""
  server.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000)
  })
  const exited = new Promise<void>((resolve) => server.once("exit", () => resolve()))
  const killOnExit = () => server.kill("SIGINT")
  process.once("exit", killOnExit)

  const urlOf = (database: string) => `postgres://postgres:postgres@127.0.0.1:${options.port}/${database}`
  const url = urlOf("postgres")
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL did not start on port ${options.port}: ${said}`)
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      break
    } catch {
      await delay(50)
    }
  }
  return {
    url,
    urlOf,
    async ensureDatabase(name) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        const found = await client.query("select from pg_database where datname = $1", [name])
        if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
      } finally {
        await client.end()
      }
      return urlOf(name)
    },
    async stop() {
      process.off("exit", killOnExit)
      server.kill("SIGINT")
      await exited
    },
  }
}

/** `wanted`, or a stand-in for it outside a private home that the unprivileged account cannot enter. */
function usableDataDir(wanted: string, asRoot: boolean): string {
  mkdirSync(path.dirname(wanted), { recursive: true })
  if (!asRoot || reachableByOthers(wanted)) return wanted
  const key = createHash("sha256").update(wanted).digest("hex").slice(0, 12)
  return path.join(tmpdir(), `ops-hq-data-${key}`)
}
