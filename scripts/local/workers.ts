import path from "node:path"
import { unstable_startWorker } from "wrangler"
import type { WorkerName } from "../../shared/env.ts"

const root = path.join(import.meta.dirname, "../..")

export interface LocalWorker {
  name: WorkerName
  url: string
  dispose(): Promise<void>
}

/** One Worker of wrangler.toml in wrangler's development server, on a fixed port, reloading on change. */
export async function startLocalWorker(options: {
  name: WorkerName
  port: number
  bindings: Record<string, string>
  stateDir: string
}): Promise<LocalWorker> {
  const { name, port, bindings, stateDir } = options
  const worker = await unstable_startWorker({
    config: path.join(root, "wrangler.toml"),
    env: name,
    bindings: Object.fromEntries(
      Object.entries(bindings).map(([key, value]) => [key, { type: "secret_text" as const, value }]),
    ),
    dev: {
      server: { hostname: "127.0.0.1", port },
      inspector: false,
      watch: true,
      persist: path.join(stateDir, "state"),
      registry: path.join(stateDir, "registry"),
      logLevel: "error",
    },
  })
  await worker.ready
  return { name, url: `http://127.0.0.1:${port}`, dispose: () => worker.dispose() }
}
