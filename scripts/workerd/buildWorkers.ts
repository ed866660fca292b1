import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, rmSync } from "node:fs"
import path from "node:path"
import { gzipSync } from "node:zlib"
import type { WorkerName } from "../../shared/env.ts"

const root = path.join(import.meta.dirname, "../..")

export interface BuiltWorker {
  name: WorkerName
  /** The folder with what a deploy uploads. */
  outdir: string
  bytes: number
  compressedBytes: number
}

/** Bundles Workers as a deploy would, into dist/. */
export function buildWorkers(names: readonly WorkerName[]): BuiltWorker[] {
  return names.map((name) => {
    const outdir = path.join(root, "dist", name)
    rmSync(outdir, { recursive: true, force: true })
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
    const modules = readdirSync(outdir)
      .filter((file) => !/^README\.md$|\.map$/.test(file))
      .map((file) => readFileSync(path.join(outdir, file)))
    return {
      name,
      outdir,
      bytes: modules.reduce((sum, { byteLength }) => sum + byteLength, 0),
      compressedBytes: modules.reduce((sum, module) => sum + gzipSync(module).byteLength, 0),
    }
  })
}
