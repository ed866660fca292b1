import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import path from "node:path"
import { gzipSync } from "node:zlib"
import type { WorkerName } from "../../shared/env.ts"

const root = path.join(import.meta.dirname, "../..")

export interface BuiltWorker {
  name: WorkerName
  file: string
  bytes: number
  compressedBytes: number
}

/** Bundles Workers as a deploy would, into dist/. */
export function buildWorkers(names: readonly WorkerName[]): BuiltWorker[] {
  return names.map((name) => {
    const outdir = path.join(root, "dist", name)
    const result = spawnSync(
      path.join(root, "node_modules/.bin/wrangler"),
      ["deploy", "--dry-run", "--env", name, "--outdir", outdir],
      {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" },
      },
    )
    if (result.status !== 0) throw new Error(`The ${name} Worker does not build:\n${result.stdout}${result.stderr}`)
    const file = path.join(outdir, "index.js")
    const code = readFileSync(file)
    return { name, file, bytes: code.byteLength, compressedBytes: gzipSync(code).byteLength }
  })
}
