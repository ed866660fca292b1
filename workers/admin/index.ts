import { Hono } from "hono"
import { healthResponse } from "../../shared/runtime/health.ts"
import type { AdminHono } from "./adminApp.ts"
import { areas } from "./areas.ts"
import { assetVersions } from "./assetVersions.ts"
import { showError, showNotFound } from "./errorPages.tsx"
import { headers } from "./headers.ts"
import { accountPages } from "./pages/account/account.tsx"
import { commandPalette } from "./pages/search.tsx"
import { uiPages } from "./pages/ui.tsx"
import { refuseForeign } from "./refuseForeign.ts"
import { refuseNul } from "./refuseNul.ts"
import { serveAsset } from "./serveAsset.ts"
import { signedIn } from "./signIn/signedIn.ts"
import { signInPages } from "./signIn/signInPages.tsx"

const app = new Hono<AdminHono>()
  .get("/health", (c) => healthResponse("admin", c.env))
  .use(headers)
  .use(refuseNul)
  .get("/assets/:version/:name", serveAsset)
  .use(assetVersions)
  .use(refuseForeign)
  .route("/sign-in", signInPages)
  .use(signedIn)
  .route("/search", commandPalette)
  .route("/account", accountPages)
  .route("/ui", uiPages)

for (const area of areas) app.route(area.path, area.pages)

app.notFound(showNotFound)
app.onError(showError)

export default app satisfies ExportedHandler<Cloudflare.AdminEnv>
