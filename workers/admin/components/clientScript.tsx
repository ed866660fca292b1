import type { AdminRequest } from "../adminApp.ts"
import { type AssetName, assetHref } from "../assetVersions.ts"

/** A script of workers/admin/assets, run once the page is there. */
export async function ClientScript({ c, name }: { c: AdminRequest; name: AssetName }) {
  return <script defer nonce={c.get("secureHeadersNonce")} src={await assetHref(c, name)} />
}
