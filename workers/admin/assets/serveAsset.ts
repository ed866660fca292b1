import type { AdminRequest } from "../adminApp.ts"
import { assets } from "./assets.ts"

/** Addresses carry a hash of the content, so browsers keep them for good. */
export async function serveAsset(c: AdminRequest): Promise<Response> {
  const asset = assets.find(({ name }) => name === c.req.param("name"))
  if (!asset) return c.notFound()
  return c.body(asset.text, 200, {
    "content-type": `${asset.type}; charset=utf-8`,
    "cache-control": "public, max-age=31536000, immutable",
  })
}
