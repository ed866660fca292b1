import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"

/** Keeps what an attempt was answered; null lets the key go, so that the request may be tried again under it. */
export async function settleIdempotencyKey(
  ctx: Context,
  input: { apiKeyId: string; key: string; attempt: string; settled: { status: number; answer: string } | null },
): Promise<void> {
  const { apiKeyId, key, attempt, settled } = input
  const mine = sql`api_key_id = ${apiKeyId} and key = ${key} and attempt = ${attempt}`
  await ctx.db.execute(
    settled
      ? sql`update idempotency_keys set status = ${settled.status}, answer = ${settled.answer} where ${mine}`
      : sql`delete from idempotency_keys where ${mine}`,
  )
}
