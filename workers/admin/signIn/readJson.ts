import { AppError } from "../../../shared/errors.ts"
import type { AdminRequest } from "../adminApp.ts"

/** The object that a script of ours posts. Throws `unsupported_media_type` or `bad_request` for anything else. */
export async function readJson(c: AdminRequest): Promise<Record<string, unknown>> {
  if (!c.req.header("content-type")?.startsWith("application/json"))
    throw new AppError("unsupported_media_type", "This takes application/json.")
  const body: unknown = await c.req.json().catch(() => null)
  if (typeof body !== "object" || body === null) throw new AppError("bad_request", "The body is no JSON object.")
  return { ...body }
}
