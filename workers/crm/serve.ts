import { authenticateApiKey } from "../../shared/apiKeys/authenticateApiKey.ts"
import { AppError } from "../../shared/errors.ts"
import { noteDenied } from "../../shared/staff/noteDenied.ts"
import { isPermitted, requirePermission } from "../../shared/staff/requirePermission.ts"
import { answerOnce, type Told } from "./answerOnce.ts"
import type { ApiContext, Endpoint } from "./endpoint.ts"
import { errorAnswer } from "./errorAnswer.ts"
import { readInput } from "./readInput.ts"

/** Serves one request of one operation; `headers` takes what the answer is to carry, whatever comes of it. */
export async function serve(
  publicContext: ApiContext,
  endpoint: Endpoint,
  incoming: { request: Request; params: Record<string, string>; headers: Headers; docs: string },
): Promise<Told> {
  const { request, headers, docs } = incoming
  const key = /^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? ""
  const { actor, rate } = await authenticateApiKey(publicContext, key)
  headers.set("ratelimit-policy", `"minute";q=${rate.limit};w=60`)
  headers.set("ratelimit", `"minute";r=${rate.remaining};t=${rate.resetSeconds}`)
  if (rate.exceeded) {
    headers.set("retry-after", String(rate.resetSeconds))
    throw new AppError("rate_limited", `This key may ask ${rate.limit} times a minute; wait ${rate.resetSeconds} s.`)
  }
  const ctx: ApiContext = { ...publicContext, actor }
  if (!isPermitted(actor, endpoint.scope))
    await noteDenied(ctx, { what: `${endpoint.method.toUpperCase()} ${endpoint.path}`, permission: endpoint.scope })
  requirePermission(ctx, endpoint.scope)

  const input = await readInput(endpoint, request, incoming.params)
  const act = endpoint.read(input)
  const given = endpoint.method === "get" ? null : request.headers.get("idempotency-key")
  const run = async (): Promise<Told> => {
    try {
      const { status, body } = await act(ctx, { requestKey: given })
      return { status, body: body === null ? "" : JSON.stringify(body) }
    } catch (thrown) {
      const { error, body } = errorAnswer(thrown, { requestId: ctx.requestId, docs })
      if (error.status >= 500)
        ctx.log.error("request failed", {
          code: error.code,
          error: error.message,
          stack: error.stack,
          cause: String(error.cause ?? ""),
        })
      return { status: error.status, body }
    }
  }
  const { pathname, search } = new URL(request.url)
  return answerOnce(
    ctx,
    { apiKeyId: actor.id, key: given, request: `${request.method} ${pathname}${search} ${input.text}` },
    run,
  )
}
