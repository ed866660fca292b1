import type { Child } from "hono/jsx"
import { unkeepableText } from "../../shared/db/unkeepableText.ts"
import { toAppError } from "../../shared/errors.ts"
import { createLogger } from "../../shared/log.ts"
import { noteDenied } from "../../shared/staff/noteDenied.ts"
import type { AdminRequest } from "./adminApp.ts"
import { barePage } from "./components/barePage.tsx"
import { page } from "./components/page.tsx"

const shown = [400, 401, 403, 404, 409, 413, 429] as const
const titles: Partial<Record<number, string>> = {
  400: "That does not fit",
  401: "Please sign in",
  403: "Not allowed",
  404: "Not found",
  409: "Changed meanwhile",
  413: "Too large",
  429: "Too many requests",
}

export const showNotFound = (c: AdminRequest) =>
  show(c, 404, <p>There is no page at this address. It may have been moved, or what it showed is gone.</p>)

/** What went wrong, in the frame where there is one; what we did not foresee is logged whole and told by its id. */
export async function showError(thrown: Error, c: AdminRequest) {
  const error = unkeepableText(thrown) ?? toAppError(thrown)
  const ctx = c.get("ctx")
  const log = ctx?.log ?? createLogger({ worker: "admin" })
  const requestId = ctx?.requestId ?? crypto.randomUUID()
  const fields = { requestId, code: error.code, error: error.message, method: c.req.method, path: c.req.path }
  if (error.status >= 500)
    log.error("request failed", { ...fields, stack: error.stack, cause: String(error.cause ?? "") })
  else log.warn("request refused", fields)
  if (ctx && error.code === "forbidden")
    await noteDenied(ctx, { what: `${c.req.method} ${c.req.path}`, permission: error.details.permission })
  const status = Math.min(error.status, 500)
  const message = status === 500 ? "Something went wrong on our side. It has been recorded." : error.message
  // A script of ours asked.
  if (c.req.header("content-type")?.startsWith("application/json"))
    return c.json({ error: { code: error.code, message, requestId } }, shown.find((each) => each === status) ?? 500)
  return show(
    c,
    status,
    <>
      <p>{message}</p>
      <p class="hint">Request {requestId}</p>
    </>,
  )
}

function show(c: AdminRequest, status: number, content: Child) {
  const title = titles[status] ?? "Something went wrong"
  const known = shown.find((each) => each === status) ?? 500
  return c.get("ctx") ? page(c, { title, status: known }, content) : barePage(c, title, content, known)
}
