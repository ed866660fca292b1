import { createMiddleware } from "hono/factory"
import { createLogger } from "../../shared/log.ts"
import type { AdminHono, AdminRequest } from "./adminApp.ts"

/** What browsers load besides pages. A new script or style sheet is a file in workers/admin/assets and a name here. */
export const assetNames = [
  "styles.css",
  "htmx.min.js",
  "admin.client.js",
  "live.client.js",
  "passkeys.client.js",
  "qr.client.js",
  "uqr.js",
] as const
export type AssetName = (typeof assetNames)[number]
export type AssetVersions = Partial<Record<AssetName, string>>

/** Cloudflare's ETag of a static asset is a hash of its content. */
export const assetVersion = (file: Response): string | undefined =>
  /([\w-]+)"$/.exec(file.headers.get("etag") ?? "")?.[1]

// The files come with the code of a release, so that what one request has learnt holds for all.
let learnt: AssetVersions | undefined

async function lookUp(assets: Fetcher): Promise<AssetVersions> {
  if (learnt) return learnt
  const versions: AssetVersions = {}
  try {
    await Promise.all(
      assetNames.map(async (name) => {
        const file = await assets.fetch(`https://assets/${name}`, { method: "HEAD" })
        if (!file.ok) throw new Error(`${name} was answered ${file.status}.`)
        versions[name] = assetVersion(file)
      }),
    )
    learnt = versions
  } catch (error) {
    createLogger({ worker: "admin" }).error("asset versions unknown", { error: String(error) })
  }
  return versions
}

/** Looks the versions up while the page is being made. */
export const assetVersions = createMiddleware<AdminHono>(async (c, next) => {
  c.set("assetVersions", lookUp(c.env.ASSETS))
  await next()
})

/** Where a browser finds a file; without its version, where none is known. */
export async function assetHref(c: AdminRequest, name: AssetName): Promise<string> {
  const versions = await c.get("assetVersions")
  return `/assets/${versions?.[name] ?? "latest"}/${name}`
}
