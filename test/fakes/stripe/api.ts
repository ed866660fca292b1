import type { HttpBindings } from "@hono/node-server"
import { type Context, Hono } from "hono"
import type { EventLog } from "./eventLog.ts"
import { listOf, type StripeObject, stripeId } from "./json.ts"
import { isEnded, itemsOf, type ObjectKind, type StripeWorld } from "./world.ts"

const collections: Record<string, ObjectKind> = {
  customers: "customer",
  products: "product",
  prices: "price",
  payment_methods: "payment_method",
  subscriptions: "subscription",
  invoices: "invoice",
  invoice_payments: "invoice_payment",
  payment_intents: "payment_intent",
  charges: "charge",
  refunds: "refund",
  disputes: "dispute",
}

/** Filters that a list takes besides paging and `created`. */
const filters = [
  "customer",
  "status",
  "price",
  "product",
  "subscription",
  "invoice",
  "charge",
  "payment_intent",
  "type",
  "types",
  "active",
  "delivery_success",
  "email",
]
const paging = ["limit", "starting_after", "ending_before", "created", "expand"]

function failure(
  c: Context,
  status: 400 | 401 | 404 | 429 | 500,
  error: { code?: string; message: string; param?: string },
): Response {
  const type = status === 500 ? "api_error" : "invalid_request_error"
  return c.json({ error: { type, doc_url: "https://stripe.com/docs/error-codes", ...error } }, status)
}

/** Stripe's HTTP API over a world: retrieve and list everything, and the few writes that our code and players need. */
export function stripeApi(options: {
  world: StripeWorld
  log: EventLog
  apiKey: string
  requestsPerSecond: number
  latencyMs: () => number
}) {
  const { world, log } = options
  const api = new Hono<{ Bindings: HttpBindings }>()
  const recent: number[] = []
  const answers = new Map<string, { body: string; answer: unknown; status: number }>()

  api.use(async (c, next) => {
    c.header("request-id", stripeId("req"))
    const given = (c.req.header("authorization") ?? "").replace(/^Bearer /, "")
    if (given !== options.apiKey) return failure(c, 401, { message: "Invalid API Key provided." })
    const now = Date.now()
    while (recent.length > 0 && now - (recent[0] ?? 0) >= 1000) recent.shift()
    if (recent.length >= options.requestsPerSecond) {
      c.header("stripe-rate-limited-reason", "endpoint-rate")
      return failure(c, 429, { code: "rate_limit", message: "Request rate limit exceeded." })
    }
    recent.push(now)
    if (options.latencyMs() > 0) await new Promise((resolve) => setTimeout(resolve, options.latencyMs()))
    return next()
  })

  api.get("/v1/events", (c) => listPage(c, [...log.events], { expand: (object) => object }))
  api.get("/v1/events/:id", (c) =>
    one(
      c,
      log.events.find(({ id }) => id === c.req.param("id")),
      "event",
    ),
  )
  api.get("/v1/subscription_items", (c) => {
    const subscription = world.get(c.req.query("subscription") ?? "")
    return listPage(c, subscription ? itemsOf(subscription) : [], {
      ignore: ["subscription"],
      expand: (object) => object,
    })
  })
  api.get("/v1/invoices/:id/lines", (c) => {
    const lines = Reflect.get(Object(world.get(c.req.param("id"))?.lines), "data")
    return listPage(c, Array.isArray(lines) ? lines : [], { expand: (object) => object })
  })
  api.get("/v1/:collection", (c) => {
    const kind = collections[c.req.param("collection")]
    if (!kind) return failure(c, 404, { message: `Unrecognized request URL (GET: ${c.req.path}).` })
    const status = c.req.query("status")
    const objects = world
      .all(kind)
      .filter((object) => object.deleted !== true)
      .filter(
        (object) =>
          kind !== "subscription" ||
          status === "all" ||
          (status === "ended" ? isEnded(object) : status ? object.status === status : !isEnded(object)),
      )
    return listPage(c, objects, {
      ignore: kind === "subscription" ? ["status"] : [],
      expand: (object, paths) => expand(world, object, paths),
    })
  })
  api.get("/v1/:collection/:id", (c) => {
    const kind = collections[c.req.param("collection")]
    const object = world.get(c.req.param("id"))
    return one(
      c,
      object?.object === kind && object ? expand(world, object, c.req.queries("expand[]") ?? []) : undefined,
      kind ?? "object",
    )
  })

  const write = async (c: Context, run: (form: URLSearchParams) => unknown): Promise<Response> => {
    const body = await c.req.text()
    const key = c.req.header("idempotency-key")
    const known = key ? answers.get(key) : undefined
    if (known) {
      if (known.body !== body)
        return failure(c, 400, {
          code: "idempotency_error",
          message: "Keys for idempotent requests can only be used with the same parameters they were first used with.",
        })
      c.header("idempotent-replayed", "true")
      return c.json(Object(known.answer))
    }
    try {
      const answer = structuredClone(run(new URLSearchParams(body)))
      if (key) answers.set(key, { body, answer, status: 200 })
      return c.json(Object(answer))
    } catch (error) {
      return failure(c, 404, {
        code: "resource_missing",
        message: error instanceof Error ? error.message : String(error),
      })
    }
  }
  api.post("/v1/customers", (c) =>
    write(c, (form) =>
      world.createCustomer({ email: form.get("email"), name: form.get("name"), country: form.get("address[country]") }),
    ),
  )
  api.post("/v1/subscriptions", (c) =>
    write(c, (form) =>
      world.subscribe({
        customer: form.get("customer") ?? "",
        price: form.get("items[0][price]") ?? "",
        quantity: Number(form.get("items[0][quantity]") ?? 1),
        trialDays: Number(form.get("trial_period_days") ?? 0),
      }),
    ),
  )
  api.post("/v1/subscriptions/:id", (c) =>
    write(c, (form) => {
      const id = c.req.param("id") ?? ""
      if (form.has("pause_collection[behavior]")) return world.pauseCollection(id, true)
      if (form.get("pause_collection") === "") return world.pauseCollection(id, false)
      if (form.get("cancel_at_period_end") === "true")
        return world.cancel(id, {
          atPeriodEnd: true,
          feedback: form.get("cancellation_details[feedback]") ?? undefined,
          comment: form.get("cancellation_details[comment]") ?? undefined,
        })
      return world.resume(id)
    }),
  )
  api.delete("/v1/subscriptions/:id", (c) => write(c, () => world.cancel(c.req.param("id"))))
  api.post("/v1/invoices/:id/pay", (c) => write(c, () => world.pay(c.req.param("id"))))
  api.post("/v1/refunds", (c) =>
    write(c, (form) =>
      world.refund(form.get("charge") ?? "", form.has("amount") ? Number(form.get("amount")) : undefined),
    ),
  )
  api.notFound((c) => failure(c, 404, { message: `Unrecognized request URL (${c.req.method}: ${c.req.path}).` }))
  return api
}

function one(c: Context, object: unknown, kind: string): Response {
  if (object) return c.json(Object(object))
  return failure(c, 404, { code: "resource_missing", message: `No such ${kind}: '${c.req.param("id")}'`, param: "id" })
}

/** Newest first, by cursor, with Stripe's limits. */
function listPage(
  c: Context,
  objects: StripeObject[],
  options: { ignore?: string[]; expand: (object: StripeObject, paths: string[]) => unknown },
): Response {
  const query = new URL(c.req.url).searchParams
  for (const name of query.keys()) {
    const plain = name.replace(/\[.*$/, "")
    if (!paging.includes(plain) && !filters.includes(plain))
      return failure(c, 400, {
        code: "parameter_unknown",
        message: `Received unknown parameter: ${plain}`,
        param: plain,
      })
  }
  const limit = Number(query.get("limit") ?? 10)
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    return failure(c, 400, {
      code: "parameter_invalid_integer",
      message: "Limit must be between 1 and 100.",
      param: "limit",
    })

  const wanted = objects
    .filter((object) => matches(object, query, options.ignore ?? []))
    .map((object, index) => ({ object, index }))
    .sort((a, b) => b.object.created - a.object.created || b.index - a.index)
    .map(({ object }) => object)
  const after = query.get("starting_after")
  const before = query.get("ending_before")
  const cursor = after ?? before
  const at = cursor === null ? -1 : wanted.findIndex(({ id }) => id === cursor)
  if (cursor !== null && at < 0)
    return failure(c, 400, {
      code: "resource_missing",
      message: `No such object: '${cursor}'`,
      param: after ? "starting_after" : "ending_before",
    })
  const page = before ? wanted.slice(Math.max(0, at - limit), at) : wanted.slice(at + 1, at + 1 + limit)
  const more = before ? at - limit > 0 : at + 1 + limit < wanted.length
  const paths = (query.getAll("expand[]") ?? []).map((path) => path.replace(/^data\./, ""))
  return c.json(
    listOf(
      page.map((object) => options.expand(object, paths)),
      c.req.path.replace(/^\/stripe/, ""),
      more,
    ),
  )
}

function matches(object: StripeObject, query: URLSearchParams, ignore: string[]): boolean {
  const types = query.getAll("types[]")
  if (types.length > 0 && !types.includes(String(object.type))) return false
  for (const [operator, holds] of Object.entries(createdFilters)) {
    const bound = query.get(operator)
    if (bound !== null && !holds(object.created, Number(bound))) return false
  }
  return filters.every((name) => {
    const value = query.get(name)
    if (value === null || ignore.includes(name) || name === "delivery_success") return true
    if (name === "price") return itemsOf(object).some((item) => Reflect.get(Object(item.price), "id") === value)
    if (name === "subscription") {
      const details = Reflect.get(Object(object.parent), "subscription_details")
      return Reflect.get(Object(details), "subscription") === value
    }
    return String(object[name]) === value
  })
}

const createdFilters: Record<string, (created: number, bound: number) => boolean> = {
  created: (created, bound) => created === bound,
  "created[gt]": (created, bound) => created > bound,
  "created[gte]": (created, bound) => created >= bound,
  "created[lt]": (created, bound) => created < bound,
  "created[lte]": (created, bound) => created <= bound,
}

/** Puts objects in place of their ids along dotted paths. */
function expand(world: StripeWorld, object: StripeObject, paths: string[]): unknown {
  const copy = structuredClone(object)
  for (const path of paths) expandPath(world, copy, path.split("."))
  return copy
}

function expandPath(world: StripeWorld, holder: unknown, [key, ...rest]: string[]): void {
  if (key === undefined || typeof holder !== "object" || holder === null) return
  if (Array.isArray(holder)) {
    for (const each of holder) expandPath(world, each, key === "data" ? rest : [key, ...rest])
    return
  }
  const value: unknown = Reflect.get(holder, key)
  const found = typeof value === "string" ? structuredClone(world.get(value)) : value
  if (found === undefined) return
  Reflect.set(holder, key, found)
  expandPath(world, found, rest)
}
