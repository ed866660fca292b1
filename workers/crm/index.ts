import { Hono } from "hono"
import { AppError } from "../../shared/errors.ts"
import { createLogger } from "../../shared/log.ts"
import { healthResponse } from "../../shared/runtime/health.ts"
import { crmContext } from "./crmContext.ts"
import { docsPage } from "./docs/docsPage.ts"
import { docsScript } from "./docs/docsScript.ts"
import { docsStyle } from "./docs/docsStyle.ts"
import { endpoints } from "./endpoints.ts"
import { errorAnswer } from "./errorAnswer.ts"
import { openApi } from "./openApi.ts"
import { serve } from "./serve.ts"

interface CrmHono {
  Bindings: Cloudflare.CrmEnv
  Variables: { requestId: string }
}

const routeOf = (path: string) => path.replaceAll(/\{(\w+)\}/g, ":$1")
const docsOf = (url: string) => `${new URL(url).origin}/docs`
const cached = { "cache-control": "public, max-age=300" }

const app = new Hono<CrmHono>()
  .use(async (c, next) => {
    const startedAt = Date.now()
    c.set("requestId", crypto.randomUUID())
    await next()
    c.header("x-request-id", c.get("requestId"))
    c.header("x-content-type-options", "nosniff")
    c.header("referrer-policy", "no-referrer")
    c.header("strict-transport-security", "max-age=31536000; includeSubDomains")
    c.header(
      "content-security-policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    )
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "private, no-store")
    const { method, path } = c.req
    const milliseconds = Date.now() - startedAt
    createLogger({ worker: "crm" }).info("request", {
      requestId: c.get("requestId"),
      method,
      path,
      status: c.res.status,
      milliseconds,
    })
  })
  .get("/health", (c) => healthResponse("crm", c.env))
  .get("/openapi.json", (c) => c.json(openApi(endpoints, new URL(c.req.url).origin), 200, cached))
  .get("/docs", (c) => c.html(docsPage, 200, cached))
  .get("/docs/docs.js", (c) => c.body(docsScript, 200, { ...cached, "content-type": "text/javascript; charset=utf-8" }))
  .get("/docs/docs.css", (c) => c.body(docsStyle, 200, { ...cached, "content-type": "text/css; charset=utf-8" }))

for (const endpoint of endpoints)
  app.on(endpoint.method.toUpperCase(), routeOf(endpoint.path), async (c) => {
    const headers = new Headers({ "content-type": "application/json" })
    const docs = docsOf(c.req.url)
    const requestId = c.get("requestId")
    try {
      const ctx = { ...crmContext(c.env, { kind: "public" }), requestId }
      const told = await serve(ctx, endpoint, { request: c.req.raw, params: c.req.param(), headers, docs })
      if (told.replayed) headers.set("idempotency-replayed", "true")
      if (told.status === 204) headers.delete("content-type")
      return new Response(told.status === 204 ? null : told.body, { status: told.status, headers })
    } catch (thrown) {
      const { error, body } = errorAnswer(thrown, { requestId, docs })
      if (error.status >= 500)
        createLogger({ worker: "crm" }).error("request failed", {
          requestId,
          code: error.code,
          error: error.message,
          stack: error.stack,
          cause: String(error.cause ?? ""),
        })
      if (error.code === "unauthenticated") headers.set("www-authenticate", 'Bearer realm="crm"')
      return new Response(body, { status: error.status, headers })
    }
  })

const methodsAt = Map.groupBy(endpoints, ({ path }) => routeOf(path))
for (const [route, there] of methodsAt) {
  const allow = there.map(({ method }) => method.toUpperCase()).join(", ")
  app.all(route, (c) => {
    const refused = new AppError("method_not_allowed", `${c.req.method} is not for this address; it takes ${allow}.`)
    const { body, error } = errorAnswer(refused, { requestId: c.get("requestId"), docs: docsOf(c.req.url) })
    return new Response(body, { status: error.status, headers: { allow, "content-type": "application/json" } })
  })
}

app.notFound((c) => {
  const unknown = new AppError("not_found", "There is nothing at this address; /docs lists what there is.")
  const { body, error } = errorAnswer(unknown, { requestId: c.get("requestId"), docs: docsOf(c.req.url) })
  return new Response(body, { status: error.status, headers: { "content-type": "application/json" } })
})

app.onError((thrown, c) => {
  const { body, error } = errorAnswer(thrown, { requestId: c.get("requestId"), docs: docsOf(c.req.url) })
  createLogger({ worker: "crm" }).error("request failed", { error: error.message, stack: error.stack })
  return new Response(body, { status: error.status, headers: { "content-type": "application/json" } })
})

export default {
  fetch: app.fetch,
} satisfies ExportedHandler<Cloudflare.CrmEnv>
