import { execFile } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import path from "node:path"
import { promisify } from "node:util"
import { inject } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")
const configFile = "wrangler.toml"
const wrangler = path.join(root, "node_modules/wrangler/bin/wrangler.js")

export interface WorkerBuilds {
  url: string
  close(): Promise<void>
}

/** Builds Workers into `folder` as a deploy would: each when somebody first asks for it, once for the whole run. */
export async function startWorkerBuilds(folder: string): Promise<WorkerBuilds> {
  mkdirSync(folder)
  writeFileSync(path.join(folder, configFile), impatient(readFileSync(path.join(root, "wrangler.toml"), "utf8")))
  const builds = new Map<string, Promise<unknown>>()
  const build = (name: string) => {
    const running =
      builds.get(name) ??
      promisify(execFile)(
        process.execPath,
        [wrangler, "deploy", "--dry-run", "--env", name, "--outdir", path.join(folder, name)],
        { cwd: root, env: { ...process.env, WRANGLER_SEND_METRICS: "false" } },
      )
    builds.set(name, running)
    return running
  }
  const server = createServer((request, response) => {
    const name = (request.url ?? "").slice(1)
    build(name).then(
      () => response.end(path.join(folder, name)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  if (address === null || typeof address === "string") throw new Error("The builds of the Workers have no port.")
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    },
  }
}

/** The configuration of all Workers, except that no queue waits for more messages to come. */
const impatient = (config: string) =>
  config
    .replaceAll(/max_batch_timeout = \d+/g, "max_batch_timeout = 0")
    .replaceAll(/= "(?:\.\/)?(workers|shared)\//g, `= "${root}/$1/`)

/** A Worker as it would be deployed: its folder, and the file that configures it. */
export async function workerBuild<Name extends string>(
  name: Name,
): Promise<{ name: Name; folder: string; config: string }> {
  const answer = await fetch(`${inject("workerBuilds")}/${name}`)
  const said = await answer.text()
  if (!answer.ok) throw new Error(`The Worker ${name} could not be built: ${said}`)
  return { name, folder: said, config: path.join(said, "..", configFile) }
}
