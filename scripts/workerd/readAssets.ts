import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"

const types: Record<string, string> = { ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8" }

/** Files of a folder as Cloudflare serves a Worker's static assets, by path. */
export function readAssets(folder: string) {
  const files = readdirSync(folder).map((name) => {
    const text = readFileSync(path.join(folder, name), "utf8")
    const etag = `"${createHash("sha256").update(text).digest("hex").slice(0, 32)}"`
    return [`/${name}`, { text, headers: { etag, "content-type": types[path.extname(name)] } }] as const
  })
  return Object.fromEntries(files)
}
