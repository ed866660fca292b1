import path from "node:path"
import { afterAll, beforeAll } from "vitest"
import { createTestHarness } from "wrangler"
import { localSecrets } from "../../scripts/local/localEnv.ts"
import type { TestDatabase } from "../support/useDatabase.ts"

/** The portal in workerd, with the bucket that it reads files from. */
export function usePortal(database: TestDatabase) {
  process.env.WRANGLER_SEND_METRICS = "false"
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false"
  const harness = createTestHarness()
  let url = ""
  beforeAll(async () => {
    await harness.update({
      root: path.join(import.meta.dirname, "../.."),
      workers: [
        {
          configPath: "./wrangler.toml",
          env: "portal",
          vars: { DATABASE_HTTP_ENDPOINT: database.httpEndpoint },
          secrets: { ...localSecrets, DATABASE_URL: database.url },
        },
      ],
    })
    url = (await harness.listen()).url.origin
  })
  afterAll(() => harness.close())
  const worker = () => harness.getWorker<Cloudflare.PortalEnv>("ops-portal")
  return {
    secret: localSecrets.LINK_SECRET,
    url: () => url,
    get: (target: string) => worker().fetch(`http://portal${target}`, { redirect: "manual" }),
    async putFile(key: string, text: string) {
      const { FILES } = await worker().getEnv()
      await FILES.put(key, text)
    },
  }
}
