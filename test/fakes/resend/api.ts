import { createHash } from "node:crypto"
import type { HttpBindings } from "@hono/node-server"
import { type Context, Hono } from "hono"
import { z } from "zod"
import type { Mailbox } from "./mailbox.ts"

const addresses = z
  .union([z.string(), z.array(z.string()).min(1).max(50)])
  .transform((value) => (Array.isArray(value) ? value : [value]))

const email = z.object({
  from: z.string().regex(/^("?[^<>"]*"?\s*<)?[^\s@<>]+@[^\s@<>]+>?$/, "Invalid `from` field."),
  to: addresses,
  subject: z.string(),
  html: z.string().optional(),
  text: z.string().optional(),
  reply_to: addresses.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  tags: z
    .array(z.object({ name: z.string().regex(/^[\w-]{1,256}$/), value: z.string().regex(/^[\w-]{1,256}$/) }))
    .optional(),
})

type Failure = { statusCode: 400 | 401 | 403 | 404 | 409 | 422 | 429 | 500; name: string; message: string }
const day = 86_400_000

/** Resend's HTTP API: send and batch, with its idempotency, rate limit, quotas and refusals. */
export function resendApi(options: {
  mailbox: Mailbox
  apiKey: string
  requestsPerSecond: number
  dailyQuota: number
  monthlyQuota: number
}) {
  const { mailbox } = options
  const api = new Hono<{ Bindings: HttpBindings }>()
  const recent: number[] = []
  const keys = new Map<string, { digest: string; at: number; answer: unknown | null }>()
  let today = 0
  let month = 0

  const fail = (c: Context, failure: Failure) => c.json(failure, failure.statusCode)

  api.use(async (c, next) => {
    if (!c.req.header("user-agent"))
      return fail(c, { statusCode: 403, name: "validation_error", message: "Requests need a User-Agent." })
    const key = c.req.header("authorization")?.replace(/^Bearer /, "")
    if (!key)
      return fail(c, {
        statusCode: 401,
        name: "missing_api_key",
        message: "Missing API key in the authorization header.",
      })
    if (key !== options.apiKey)
      return fail(c, { statusCode: 403, name: "invalid_api_key", message: "API key is invalid." })
    const now = Date.now()
    while (recent.length > 0 && now - (recent[0] ?? 0) >= 1000) recent.shift()
    c.header("ratelimit-limit", String(options.requestsPerSecond))
    c.header("ratelimit-remaining", String(Math.max(0, options.requestsPerSecond - recent.length - 1)))
    c.header("ratelimit-reset", "1")
    if (recent.length >= options.requestsPerSecond) {
      c.header("retry-after", "1")
      return fail(c, { statusCode: 429, name: "rate_limit_exceeded", message: "Too many requests. Please slow down." })
    }
    recent.push(now)
    return next()
  })

  /** Same key and body: same answer. Same key, other body: 409. Still in flight: 409. */
  async function once(c: Context, run: (body: unknown) => { answer: unknown } | Failure): Promise<Response> {
    const text = await c.req.text()
    const key = c.req.header("idempotency-key")
    if (key !== undefined && (key.length < 1 || key.length > 256))
      return fail(c, {
        statusCode: 400,
        name: "invalid_idempotency_key",
        message: "The key must be between 1-256 chars.",
      })
    const digest = createHash("sha256").update(`${c.req.path}\n${text}`).digest("hex")
    const known = key === undefined ? undefined : keys.get(key)
    if (known && Date.now() - known.at < day) {
      if (known.digest !== digest)
        return fail(c, {
          statusCode: 409,
          name: "invalid_idempotent_request",
          message: "Same idempotency key used with a different request payload.",
        })
      if (known.answer === null)
        return fail(c, {
          statusCode: 409,
          name: "concurrent_idempotent_requests",
          message: "Same idempotency key used while original request is still in progress.",
        })
      return c.json(Object(known.answer))
    }
    if (key !== undefined) keys.set(key, { digest, at: Date.now(), answer: null })
    const result = run(parse(text))
    if ("statusCode" in result) {
      if (key !== undefined) keys.delete(key)
      return fail(c, result)
    }
    if (key !== undefined) keys.set(key, { digest, at: Date.now(), answer: result.answer })
    return c.json(Object(result.answer))
  }

  function overQuota(mails: number): Failure | null {
    if (today + mails > options.dailyQuota)
      return {
        statusCode: 429,
        name: "daily_quota_exceeded",
        message: "You have reached your daily email sending quota.",
      }
    if (month + mails > options.monthlyQuota)
      return {
        statusCode: 429,
        name: "monthly_quota_exceeded",
        message: "You have reached your monthly email sending quota.",
      }
    today += mails
    month += mails
    return null
  }

  api.post("/emails", (c) =>
    once(c, (body) => {
      const mail = readEmail(body)
      if (typeof mail === "string") return { statusCode: 422, name: "validation_error", message: mail }
      return overQuota(1) ?? { answer: { id: mailbox.accept(mail) } }
    }),
  )

  api.post("/emails/batch", (c) =>
    once(c, (body) => {
      if (!Array.isArray(body) || body.length < 1 || body.length > 100)
        return { statusCode: 422, name: "validation_error", message: "A batch holds 1 to 100 emails." }
      const permissive = c.req.header("x-batch-validation") === "permissive"
      const read = body.map(readEmail)
      const errors = read.flatMap((mail, index) => (typeof mail === "string" ? [{ index, message: mail }] : []))
      const [first] = errors
      if (first && !permissive) return { statusCode: 422, name: "validation_error", message: first.message }
      const good = read.flatMap((mail) => (typeof mail === "string" ? [] : [mail]))
      const refused = overQuota(good.length)
      if (refused) return refused
      const data = good.map((mail) => ({ id: mailbox.accept(mail) }))
      return { answer: permissive ? { data, errors } : { data } }
    }),
  )

  api.get("/emails/:id", (c) => {
    const mail = mailbox.mails.find(({ id }) => id === c.req.param("id"))
    if (!mail) return fail(c, { statusCode: 404, name: "not_found", message: "Email not found" })
    const { id, from, to, subject, html, text, createdAt, lastEvent, tags } = mail
    return c.json({
      object: "email",
      id,
      from,
      to,
      subject,
      html,
      text,
      created_at: createdAt,
      last_event: lastEvent,
      bcc: [],
      cc: [],
      reply_to: [],
      tags,
    })
  })
  api.notFound((c) =>
    fail(c, { statusCode: 404, name: "not_found", message: `No route ${c.req.method} ${c.req.path}` }),
  )
  return api
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function readEmail(body: unknown) {
  const parsed = email.safeParse(body)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return `Invalid \`${issue?.path.join(".") || "body"}\` field. ${issue?.message ?? ""}`
  }
  const { from, to, subject, html, text, headers, tags } = parsed.data
  if (!html && !text) return "Missing `html` or `text` field."
  const bad = to.find((address) => !/^([^<>]*<)?[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+>?$/.test(address))
  if (bad !== undefined)
    return `Invalid \`to\` field. The email address needs to follow the \`email@example.com\` format: ${bad.slice(0, 80)}`
  return { from, to, subject, html: html ?? "", text: text ?? "", headers: headers ?? {}, tags: tags ?? [] }
}
