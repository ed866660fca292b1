import { type Context, Hono } from "hono"
import type { NodeEnv } from "../http/faultMiddleware.ts"
import type { RateLimiter } from "../http/rateLimiter.ts"
import type { Idempotency } from "./idempotency.ts"
import { listEmails, showEmail } from "./listEmails.ts"
import type { Mailbox } from "./mailbox.ts"
import type { Quota } from "./quota.ts"
import { type ReadOptions, readEmail } from "./readEmail.ts"
import { receivingApi } from "./receivingApi.ts"
import { Refusal } from "./refusal.ts"

export interface ResendApiOptions {
  mailbox: Mailbox
  idempotency: Idempotency
  limiter: RateLimiter
  quota: Quota
  apiKey: string
  refusedDomains: readonly string[]
  /** How long the work of a request takes. */
  delay: (request: string) => Promise<void>
}

/** Resend's HTTP API: send, batch, retrieve and list, with its idempotency, rate limit, quotas and refusals. */
export function resendApi(options: ResendApiOptions) {
  const { mailbox, idempotency, quota, limiter } = options
  const api = new Hono<NodeEnv>()

  api.use(async (c, next) => {
    await next()
    mailbox.note({
      at: new Date().toISOString(),
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      idempotencyKey: c.req.header("idempotency-key") ?? null,
      userAgent: c.req.header("user-agent") ?? "",
    })
  })
  api.use(async (c, next) => {
    checkCaller(c, options.apiKey)
    const ticket = limiter.take()
    if (!limiter.unlimited) {
      c.header("ratelimit-limit", String(limiter.perSecond))
      c.header("ratelimit-remaining", String(ticket.remaining))
      c.header("ratelimit-reset", String(ticket.reset))
    }
    if (!ticket.allowed)
      throw new Refusal(
        429,
        "rate_limit_exceeded",
        `Too many requests. You can only make ${limiter.perSecond} requests per second. See rate limit response headers for more information. Or contact support to increase rate limit.`,
        ticket.reset,
      )
    return next()
  })

  const once = async (c: Context<NodeEnv>, work: (body: unknown, key: string | null) => object) => {
    const body = await c.req.text()
    const key = c.req.header("idempotency-key")
    const { answer, replayed } = await idempotency.once(key, { path: c.req.path, body }, async () => {
      const parsed = parseBody(body)
      await options.delay(`${c.req.method} ${c.req.path}`)
      return work(parsed, key ?? null)
    })
    if (replayed) mailbox.replayed++
    return c.json(answer)
  }

  api.post("/emails", (c) =>
    once(c, (body, key) => {
      const message = readEmail(body, { batch: false, refusedDomains: options.refusedDomains })
      quota.use(message.to.length + message.cc.length + message.bcc.length)
      return { id: mailbox.accept(message, key) }
    }),
  )
  api.post("/emails/batch", (c) => {
    const permissive = readValidation(c.req.header("x-batch-validation"))
    return once(c, (body, key) => {
      const { messages, errors } = readBatch(body, { batch: true, refusedDomains: options.refusedDomains }, permissive)
      quota.use(messages.reduce((sum, each) => sum + each.to.length + each.cc.length + each.bcc.length, 0))
      const data = messages.map((message) => ({ id: mailbox.accept(message, key) }))
      return permissive ? { data, errors } : { data }
    })
  })
  api.get("/emails", (c) => c.json(listEmails(mailbox, c.req.query())))
  api.route("/emails/receiving", receivingApi(mailbox.inbox))
  api.get("/emails/:id", (c) => {
    const mail = mailbox.get(c.req.param("id"))
    if (!mail) throw new Refusal(404, "not_found", "Email not found")
    return c.json(showEmail(mail))
  })
  api.all("*", (c) => {
    const known = c.req.path.endsWith("/emails") || c.req.path.endsWith("/emails/batch")
    if (known) return c.json({ statusCode: 405, name: "method_not_allowed", message: "Method is not allowed." }, 405)
    throw new Refusal(404, "not_found", "The requested endpoint does not exist.")
  })
  api.onError((error, c) => {
    const refusal = error instanceof Refusal ? error : new Refusal(500, "internal_server_error", error.message)
    if (refusal.retryAfter !== undefined) c.header("retry-after", String(refusal.retryAfter))
    return c.json(refusal.body(), refusal.statusCode)
  })
  return api
}

function checkCaller(c: Context<NodeEnv>, apiKey: string): void {
  if (!c.req.header("user-agent"))
    throw new Refusal(403, "validation_error", "Requests without a User-Agent header are refused.")
  const key = /^Bearer (.+)$/.exec(c.req.header("authorization") ?? "")?.[1]
  if (!key) throw new Refusal(401, "missing_api_key", "Missing API key in the authorization header.")
  if (key !== apiKey) throw new Refusal(403, "invalid_api_key", "API key is invalid.")
}

function readValidation(header: string | undefined): boolean {
  if (header !== undefined && header !== "strict" && header !== "permissive")
    throw new Refusal(422, "validation_error", "The x-batch-validation header is either `strict` or `permissive`.")
  return header === "permissive"
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal(400, "validation_error", "The request body is not valid JSON.")
  }
}

function readBatch(body: unknown, options: ReadOptions, permissive: boolean) {
  if (!Array.isArray(body)) throw new Refusal(422, "validation_error", "A batch is an array of emails.")
  if (body.length < 1 || body.length > 100)
    throw new Refusal(422, "validation_error", "The batch must contain between 1 and 100 emails.")
  const errors: { index: number; message: string }[] = []
  const messages = body.flatMap((item: unknown, index) => {
    try {
      return [readEmail(item, options)]
    } catch (error) {
      if (!permissive || !(error instanceof Refusal)) throw error
      errors.push({ index, message: error.message })
      return []
    }
  })
  return { messages, errors }
}
