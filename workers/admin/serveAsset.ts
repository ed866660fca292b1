import type { AdminRequest } from "./adminApp.ts"
import { assetNames, assetVersion } from "./assetVersions.ts"

/** A file of workers/admin/assets, kept by browsers for good where its address carries its version. */
export async function serveAsset(c: AdminRequest): Promise<Response> {
  const name = assetNames.find((each) => each === c.req.param("name"))
  if (!name) return c.notFound()
  const known = c.req.header("if-none-match")
  const file = await c.env.ASSETS.fetch(new URL(`/${name}`, c.req.url), {
    headers: known ? { "if-none-match": known } : {},
  })
  if (file.status === 404) return c.notFound()
  const answer = new Response(file.body, file)
  // A page of another release asks for what it knew: it gets what there is, and asks again the next time.
  const kept = c.req.param("version") === assetVersion(file)
  answer.headers.set("cache-control", kept ? "public, max-age=31536000, immutable" : "public, no-cache")
  return answer
}
