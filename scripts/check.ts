import { spawnSync } from "node:child_process"
import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"

const root = path.join(import.meta.dirname, "..")
const bin = (name: string) => path.join(root, "node_modules/.bin", name)

function run(command: string, args: string[]): { ok: boolean; output: string } {
  const result = spawnSync(bin(command), args, {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false", NO_COLOR: "1" },
  })
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}${result.error ?? ""}` }
}

/** Generates into a copy: a new file there means that the schema has moved on without its migration. */
function migrationsUpToDate(): { ok: boolean; output: string } {
  const copy = mkdtempSync(path.join(tmpdir(), "ops-hq-migrations-"))
  try {
    cpSync(path.join(root, "migrations"), copy, { recursive: true })
    const before = readdirSync(copy).length
    const generated = run("drizzle-kit", [
      "generate",
      "--dialect=postgresql",
      "--schema=./shared/db/schema/index.ts",
      `--out=${path.relative(root, copy)}`,
    ])
    const missing = readdirSync(copy).length > before
    return {
      ok: generated.ok && !missing,
      output: missing ? "The schema has changes without a migration: run npx drizzle-kit generate." : generated.output,
    }
  } finally {
    rmSync(copy, { recursive: true })
  }
}

const checks: [string, () => { ok: boolean; output: string }][] = [
  ["types", () => run("tsc", [])],
  ["lint and format", () => run("biome", ["check", "--error-on-warnings", "."])],
  ["unused code", () => run("knip", [])],
  ["generated Env types", () => run("wrangler", ["types", "--strict-vars=false", "--check"])],
  ["migrations", migrationsUpToDate],
]

let failed = 0
for (const [name, check] of checks) {
  const started = Date.now()
  const { ok, output } = check()
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
  if (!ok) {
    failed++
    console.log(output)
  }
}
process.exitCode = failed === 0 ? 0 : 1
