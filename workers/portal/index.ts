import { Hono } from "hono"
import { mailPreference, resubscribe, unsubscribe } from "../../shared/email/unsubscribe.ts"
import { createLinkSigner } from "../../shared/email/unsubscribeToken.ts"
import { checkEnv } from "../../shared/env.ts"
import { createLogger } from "../../shared/log.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { errorResponse } from "../../shared/runtime/errorResponse.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { readBody } from "../../shared/webhooks/readBody.ts"
import { brokenLinkPage, preferencesPage } from "./pages/preferencesPage.ts"
import { transcripts } from "./transcripts.ts"

/** `unsubscribe` is what mail programs call by themselves; `preferences` is the same page for people. */
const linkPath = "/:page{unsubscribe|preferences}/:token"

const bodyLimit = 10_000

const app = new Hono<{ Bindings: Cloudflare.PortalEnv }>()
  .get("/health", (c) => healthResponse("portal", c.env))
  .route("/transcripts", transcripts)
  .use(linkPath, async (c, next) => {
    await next()
    c.header("cache-control", "private, no-store")
    c.header("referrer-policy", "no-referrer")
    c.header("x-content-type-options", "nosniff")
    c.header(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    )
  })
  .get(linkPath, async (c) => {
    const { ctx, email } = await linked(c.env, c.req.param("token"))
    if (email === null) return c.html(brokenLinkPage(), 404)
    const { preference, brand } = await mailPreference(ctx, email)
    const saved = c.req.query("saved") !== undefined
    return c.html(preferencesPage({ email, brand, preference, saved, action: c.req.path }))
  })
  .post(linkPath, async (c) => {
    const { ctx, email } = await linked(c.env, c.req.param("token"))
    if (email === null) return c.html(brokenLinkPage(), 404)
    const body = await readBody(c.req.raw, bodyLimit)
    // RFC 8058: the mail program posts this, as a form of either kind, and expects no page.
    const oneClick = /List-Unsubscribe[^&]*One-Click/s.test(body)
    if (!oneClick && new URLSearchParams(body).get("want") === "yes") await resubscribe(ctx, email)
    else await unsubscribe(ctx, email)
    return oneClick ? c.body(null, 200) : c.redirect(`${c.req.path}?saved`, 303)
  })

app.notFound((c) => c.html(brokenLinkPage(), 404))
app.onError((error) => errorResponse(error, createLogger({ worker: "portal" })))

async function linked(env: Cloudflare.PortalEnv, token: string) {
  const checked = checkEnv("portal", env)
  const ctx = createContext({ worker: "portal", env: checked, actor: { kind: "public" }, vendors: {}, queues: {} })
  const signer = await createLinkSigner(checked.LINK_SECRET)
  return { ctx, email: await signer.verify(token) }
}

export default app satisfies ExportedHandler<Cloudflare.PortalEnv>
