import type { Context, Handler } from "hono"
import { z } from "zod"
import type { NodeEnv } from "../../http/faultMiddleware.ts"
import type { FileUpload } from "../cdn.ts"
import { DiscordError, invalidForm } from "../discordError.ts"
import type { DiscordWorld } from "../world.ts"
import type { RateLimits } from "./rateLimits.ts"
import type { RequestLog } from "./requestLog.ts"
import { withoutNulls } from "./withoutNulls.ts"
import { zodProblems } from "./zodProblems.ts"

export interface DiscordApiParts {
  world: DiscordWorld
  limits: RateLimits
  log: RequestLog
  botToken: string
  /** How long the work of a request takes. */
  delay: (request: string) => Promise<void>
}

export type DiscordEnv = {
  Bindings: NodeEnv["Bindings"]
  Variables: { requestBody: unknown; auditReason: string | null }
}
export type DiscordContext = Context<DiscordEnv>

export interface Request<Input> {
  input: Input
  files: FileUpload[]
  /** Of the path. */
  id: (name: string) => string
  query: Record<string, string>
  reason: string | null
}

export const noBody = z.unknown()
export const apiPath = (c: DiscordContext): string => c.req.path.replace(/^.*?\/api\/v10/, "")

/**
 * A route: checks the request against Discord's document, reads it by our own schema, does the work and answers; nothing
 * comes of `undefined`, with 204.
 */
export function endpoint<Schema extends z.ZodType>(
  parts: DiscordApiParts,
  schema: Schema,
  work: (request: Request<z.infer<Schema>>, c: DiscordContext) => unknown,
  status: 200 | 201 = 200,
): Handler<DiscordEnv> {
  return async (c) => {
    const { world } = parts
    const { method } = c.req
    const path = apiPath(c)
    const { body, files } = await readBody(c)
    c.set("requestBody", body)
    const query = c.req.query()
    const problems = [
      ...(method === "GET" || method === "DELETE" ? [] : world.validate(method, path, body)),
      ...world.openApi.queryProblems(method, path, query),
    ]
    if (problems.length > 0) throw invalidForm(...problems)
    const parsed = schema.safeParse(tidied(body))
    if (!parsed.success) throw invalidForm(...zodProblems(parsed.error))
    await parts.delay(`${method} ${path}`)
    const id = (name: string) => pathId(name, c.req.param(name) ?? "")
    const reason = readReason(c)
    c.set("auditReason", reason)
    const answer = await work({ input: parsed.data, files, id, query, reason }, c)
    return answer === undefined ? c.body(null, 204) : c.json(answer, status)
  }
}

/** Null at the top of a change empties a field; below it means "not there". */
const tidied = (body: unknown): unknown =>
  typeof body === "object" && body !== null && !Array.isArray(body)
    ? Object.fromEntries(Object.entries(body).map(([key, value]) => [key, withoutNulls(value)]))
    : withoutNulls(body)

/** An id of the path; `@me` and `@original` stand for one, and tokens are none. */
function pathId(name: string, value: string): string {
  if (name === "token" || value.startsWith("@") || /^\d{1,20}$/.test(value)) return value
  throw invalidForm({ path: [`${name}_id`], code: "NUMBER_TYPE_COERCE", message: `Value "${value}" is not snowflake.` })
}

function readReason(c: DiscordContext): string | null {
  const header = c.req.header("x-audit-log-reason")
  if (header === undefined) return null
  const reason = decoded(header)
  if (reason.length > 512)
    throw invalidForm({ path: ["reason"], code: "BASE_TYPE_BAD_LENGTH", message: "Must be 512 or fewer in length." })
  return reason
}

function decoded(header: string): string {
  try {
    return decodeURIComponent(header)
  } catch {
    return header
  }
}

async function readBody(c: DiscordContext): Promise<{ body: unknown; files: FileUpload[] }> {
  if (c.req.method === "GET") return { body: undefined, files: [] }
  const type = c.req.header("content-type") ?? ""
  if (type.startsWith("multipart/form-data")) return readMultipart(c)
  const text = await c.req.text()
  if (text === "") return { body: c.req.method === "DELETE" ? undefined : {}, files: [] }
  if (!type.startsWith("application/json"))
    throw new DiscordError(400, 50035, "Invalid Form Body", [
      {
        path: [],
        code: "CONTENT_TYPE_INVALID",
        message: 'Expected "Content-Type" header to be one of application/json.',
      },
    ])
  return { body: json(text), files: [] }
}

async function readMultipart(c: DiscordContext): Promise<{ body: unknown; files: FileUpload[] }> {
  const form = await c.req.formData()
  const payload = form.get("payload_json")
  const uploads = [...form].filter((entry): entry is [string, File] => entry[1] instanceof File)
  const placed = uploads.map(([name, file]) => ({ place: Number(/^files\[(\d+)\]$/.exec(name)?.[1] ?? 0), file }))
  const files = await Promise.all(
    placed
      .toSorted((a, b) => a.place - b.place)
      .map(async ({ file }) => ({
        name: file.name,
        contentType: file.type,
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
  )
  if (files.length > 10)
    throw invalidForm({ path: ["files"], code: "BASE_TYPE_BAD_LENGTH", message: "Must be 10 or fewer in length." })
  return { body: typeof payload === "string" ? json(payload) : {}, files }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DiscordError(400, 50109, "The request body contains invalid JSON.")
  }
}
