import type { AdminRequest } from "../adminApp.ts"
import { type AssetName, assetHref } from "../assetVersions.ts"

/** A script of workers/admin/assets, run once the page is there. */
export async function ClientScript({ c, name, module }: { c: AdminRequest; name: AssetName; module?: boolean }) {
  const src = await assetHref(c, name)
  return <script defer={!module} type={module ? "module" : undefined} nonce={c.get("secureHeadersNonce")} src={src} />
}
