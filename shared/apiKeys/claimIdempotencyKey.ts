import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { AppError } from "../errors.ts"

/** What was answered before, or leave to go on as this attempt. */
export type Claim = { kind: "answered"; status: number; answer: string } | { kind: "go"; attempt: string }

/** Seconds after which an attempt that never answered is taken for dead. */
const attemptSeconds = 60
const keptMilliseconds = 24 * 3_600_000

type Row = { request_hash: string; attempt: string; status: number | null; answer: string | null }

/** Claims an Idempotency-Key of an API key for a day. Throws `conflict` for another request, or one still under way. */
export async function claimIdempotencyKey(
  ctx: Context,
  input: { apiKeyId: string; key: string; requestHash: string },
): Promise<Claim> {
  const { apiKeyId, key, requestHash } = input
  const attempt = crypto.randomUUID()
  const now = ctx.now()
  const at = now.toISOString()
  const oldest = new Date(now.getTime() - keptMilliseconds).toISOString()
  const lockedUntil = new Date(now.getTime() + attemptSeconds * 1000).toISOString()
  const [, , kept] = await batch(ctx.db, [
    sql`delete from idempotency_keys where (api_key_id, key) in (
      select api_key_id, key from idempotency_keys where created_at < ${oldest} order by created_at limit 20
      for update skip locked)`,
    sql`insert into idempotency_keys as i (api_key_id, key, request_hash, attempt, locked_until, created_at)
      values (${apiKeyId}, ${key}, ${requestHash}, ${attempt}, ${lockedUntil}, ${at})
      on conflict (api_key_id, key) do update set request_hash = excluded.request_hash, attempt = excluded.attempt,
        locked_until = excluded.locked_until, created_at = excluded.created_at, status = null, answer = null
      where i.created_at < ${oldest}
        or (i.status is null and i.locked_until < ${at} and i.request_hash = excluded.request_hash)`,
    sql`select request_hash, attempt, status, answer from idempotency_keys where api_key_id = ${apiKeyId} and key = ${key}`,
  ])
  const row = kept?.rows[0] as Row | undefined
  if (!row) throw new AppError("internal", "The Idempotency-Key could not be kept.")
  if (row.attempt === attempt) return { kind: "go", attempt }
  if (row.request_hash !== requestHash)
    throw new AppError("conflict", "This Idempotency-Key was used for another request; make a new one for this.")
  if (row.status === null || row.answer === null)
    throw new AppError("conflict", "The request with this Idempotency-Key is still under way; ask again in a second.")
  return { kind: "answered", status: row.status, answer: row.answer }
}
