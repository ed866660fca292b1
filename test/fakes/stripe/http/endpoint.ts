import type { Context, Handler } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../http/faultMiddleware.ts"
import type { Account } from "../account.ts"
import { stripeId } from "../ids.ts"
import { present } from "../present.ts"
import { StripeError } from "../stripeError.ts"
import { expand } from "./expand.ts"
import { parseForm } from "./form.ts"
import type { Answer, Idempotency } from "./idempotency.ts"
import { listPage, type PageQuery } from "./listPage.ts"
import { parseParams } from "./params.ts"

export interface ApiParts {
  account: Account
  idempotency: Idempotency
  /** How long the work of a request takes. */
  delay: (request: string) => Promise<void>
}

const expandParam = z.object({ expand: z.array(z.string()).optional() })

/** A route: its parameters by schema (others are refused), its work, and the answer with what was asked to be expanded. */
export function endpoint<Schema extends z.ZodType>(
  parts: ApiParts,
  schema: Schema,
  work: (input: z.infer<Schema>, id: string, path: string) => Record<string, unknown>,
): Handler<NodeEnv> {
  return async (c) => {
    const { account, idempotency } = parts
    const body = c.req.method === "GET" ? "" : await c.req.text()
    const given = { ...parseForm(new URL(c.req.url).searchParams), ...parseForm(new URLSearchParams(body)) }
    const path = `/v1${c.req.path.split("/v1")[1] ?? ""}`
    const key = c.req.method === "POST" ? c.req.header("idempotency-key") : undefined
    const request = { id: stripeId("req"), idempotency_key: key ?? null }
    c.header("request-id", request.id)
    c.header("date", new Date(account.now() * 1000).toUTCString())

    const run = async (): Promise<Answer> => {
      const { expand: _, ...params } = given
      const { expand: paths = [] } = expandParam.parse(given)
      const input = parseParams(schema, params)
      await parts.delay(`${c.req.method} ${path}`)
      try {
        const result = account.log.during(request, () => work(input, c.req.param("id") ?? "", path))
        return { status: 200, body: expand(account, show(result), paths) }
      } catch (error) {
        if (error instanceof StripeError) return { status: error.status, body: error.body() }
        throw error
      }
    }
    const { answer, replayed } = await idempotency.once(key, `${c.req.method} ${path}\n${body}`, run)
    if (replayed) c.header("idempotent-replayed", "true")
    if (key !== undefined) c.header("idempotency-key", key)
    return send(c, answer)
  }
}

const send = (c: Context, { status, body }: Answer): Response => c.json(body, status)

/** A copy to give out; in a list each object on its own. */
function show(result: Record<string, unknown>): Record<string, unknown> {
  if (result.object !== "list" || !Array.isArray(result.data)) return present(result)
  return { ...result, data: result.data.map((each: Record<string, unknown>) => present(each)) }
}

/** A route that lists objects, given oldest first, with paging, `created` and filters of its own. */
export function listing<Schema extends z.ZodType<PageQuery>, Item extends { id: string; created?: number }>(
  parts: ApiParts,
  schema: Schema,
  source: {
    objects: (query: z.infer<Schema>, id: string) => Item[]
    matches?: (object: Item, query: z.infer<Schema>, id: string) => boolean
    oldestFirst?: boolean
  },
): Handler<NodeEnv> {
  return endpoint(parts, schema, (query, id, url) => {
    const { objects, matches, oldestFirst } = source
    return listPage(objects(query, id), query, {
      url,
      oldestFirst,
      matches: matches && ((object) => matches(object, query, id)),
    })
  })
}
