import { AppError } from "../../shared/errors.ts"
import { readBody, readBytes } from "../../shared/webhooks/readBody.ts"
import type { Endpoint } from "./endpoint.ts"

const bodyLimit = 100_000

/** Path, query and body as they came, the body also as text. Throws what is wrong with any of them. */
export async function readInput(endpoint: Endpoint, request: Request, params: Record<string, string>) {
  const search = new URL(request.url).searchParams
  const query: Record<string, string> = {}
  for (const [name, value] of search) {
    if (name in query) throw new AppError("bad_request", "A query parameter was given twice.")
    query[name] = value
  }
  if (endpoint.file) {
    const file = new Uint8Array(await readBytes(request, endpoint.file.bytes))
    for (const part of [params, query]) refuseUnkeepable(part)
    return { params, query, body: file, text: await sha256Of(file) }
  }
  const text = endpoint.method === "get" ? "" : await readBody(request, bodyLimit)
  const body = endpoint.body ? parseJson(request, text) : {}
  for (const part of [params, query, body]) refuseUnkeepable(part)
  return { params, query, body, text }
}

/** Stands for the file where requests are compared. */
async function sha256Of(file: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", file))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

function parseJson(request: Request, text: string): unknown {
  const type = request.headers.get("content-type") ?? ""
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new AppError("unsupported_media_type", "Send the body as application/json.")
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new AppError("bad_request", "The body is not JSON.", { cause: error })
  }
}

/** PostgreSQL keeps no NUL in text, objects no __proto__; what cannot be kept is better refused than changed. */
function refuseUnkeepable(value: unknown, depth = 0): void {
  if (depth > 20) throw new AppError("bad_request", "The body is nested too deeply.")
  if (typeof value === "string") {
    if (value.includes("\0") || !value.isWellFormed())
      throw new AppError("bad_request", "Text may hold neither NUL nor half a surrogate pair.")
  } else if (typeof value === "object" && value !== null)
    for (const [name, each] of Object.entries(value)) {
      if (name === "__proto__") throw new AppError("bad_request", "No entry can have the name __proto__.")
      refuseUnkeepable(name, depth + 1)
      refuseUnkeepable(each, depth + 1)
    }
}
