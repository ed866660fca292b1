import { Hono } from "hono"
import { isUnsubscribed, resubscribe, unsubscribe } from "../../shared/email/unsubscribe.ts"
import { createLinkSigner } from "../../shared/email/unsubscribeToken.ts"
import { checkEnv } from "../../shared/env.ts"
import { createLogger } from "../../shared/log.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { errorResponse } from "../../shared/runtime/errorResponse.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { brokenLinkPage, preferencesPage } from "./pages/preferencesPage.ts"

/** `unsubscribe` is what mail programs call by themselves; `preferences` is the same page for people. */
const linkPath = "/:page{unsubscribe|preferences}/:token"

const app = new Hono<{ Bindings: Cloudflare.PortalEnv }>()
  .get("/health", (c) => healthResponse("portal", c.env))
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
    return c.html(preferencesPage({ email, unsubscribed: await isUnsubscribed(ctx, email), action: c.req.path }))
  })
  .post(linkPath, async (c) => {
    const { ctx, email } = await linked(c.env, c.req.param("token"))
    if (email === null) return c.html(brokenLinkPage(), 404)
    const form = new URLSearchParams((await c.req.text()).slice(0, 1000))
    // RFC 8058: the mail program posts this and expects no page.
    const oneClick = form.get("List-Unsubscribe") === "One-Click"
    if (form.get("want") === "yes" && !oneClick) await resubscribe(ctx, email)
    else await unsubscribe(ctx, email)
    return oneClick ? c.body(null, 200) : c.redirect(c.req.path, 303)
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
