import { sql } from "drizzle-orm"
import { createDatabase } from "../db/client.ts"
import { checkEnv, type WorkerName } from "../env.ts"
import { toAppError } from "../errors.ts"

interface Health {
  ok: boolean
  worker: WorkerName
  release: string
  stage: string
  database: "answers" | "does not answer"
  /** What keeps it from being well, or what this Worker does not do yet. */
  note?: string
}

/** The answer to `GET /health`: 200 when the Worker is configured and its database answers, else 503. */
export async function healthResponse(worker: WorkerName, env: object, note?: string): Promise<Response> {
  const health: Health = { ok: false, worker, release: "unknown", stage: "unknown", database: "does not answer", note }
  try {
    const checked = checkEnv(worker, env)
    health.release = checked.RELEASE
    health.stage = checked.STAGE
    const db = createDatabase({ url: checked.DATABASE_URL, httpEndpoint: checked.DATABASE_HTTP_ENDPOINT })
    await db.execute(sql`select 1`)
    health.database = "answers"
    health.ok = true
  } catch (thrown) {
    const error = toAppError(thrown)
    health.note = error.code === "misconfigured" ? error.message : "The database does not answer."
  }
  return Response.json(health, { status: health.ok ? 200 : 503, headers: { "cache-control": "no-store" } })
}
