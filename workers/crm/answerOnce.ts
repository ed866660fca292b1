import { claimIdempotencyKey } from "../../shared/apiKeys/claimIdempotencyKey.ts"
import { settleIdempotencyKey } from "../../shared/apiKeys/settleIdempotencyKey.ts"
import { sha256 } from "../../shared/apiKeys/sha256.ts"
import { AppError } from "../../shared/errors.ts"
import type { ApiContext } from "./endpoint.ts"

export interface Told {
  status: number
  body: string
  replayed?: boolean
}

/** Runs a write once for its Idempotency-Key and tells the same again; an error of ours lets the key go. */
export async function answerOnce(
  ctx: ApiContext,
  input: { apiKeyId: string; key: string | null; request: string },
  run: () => Promise<Told>,
): Promise<Told> {
  const { apiKeyId, key, request } = input
  if (key === null) return run()
  if (!/^[\x20-\x7e]{1,255}$/.test(key))
    throw new AppError("bad_request", "An Idempotency-Key has 1 to 255 printable ASCII characters.")
  const claim = await claimIdempotencyKey(ctx, { apiKeyId, key, requestHash: await sha256(request) })
  if (claim.kind === "answered") return { status: claim.status, body: claim.answer, replayed: true }
  const told = await run()
  const settled = told.status < 500 ? { status: told.status, answer: told.body } : null
  await settleIdempotencyKey(ctx, { apiKeyId, key, attempt: claim.attempt, settled })
  return told
}
