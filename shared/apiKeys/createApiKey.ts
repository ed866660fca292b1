import { sql } from "drizzle-orm"
import * as z from "zod/mini"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { textArray } from "../db/bulk.ts"
import { sqlState } from "../db/sqlState.ts"
import { AppError } from "../errors.ts"
import { actorLabel } from "../staff/actorLabel.ts"
import { actorName } from "../staff/actorName.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { isPermitted, requirePermission } from "../staff/requirePermission.ts"
import { permissions } from "../staff/roles.ts"
import { sha256 } from "./sha256.ts"

const shape = z.object({
  id: z.optional(z.uuid()),
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, "Must not be empty."),
      z.maxLength(100),
      z.regex(/^\P{Cc}*$/u, "Must be one line without control characters."),
    ),
  scopes: z.array(z.enum(permissions)).check(z.minLength(1, "Choose at least one thing that it may do.")),
  days: z._default(z.int().check(z.minimum(1), z.maximum(730)), 365),
  ratePerMinute: z._default(z.int().check(z.minimum(1), z.maximum(10_000)), 600),
})

export interface NewApiKey {
  id: string
  /** Shown once; only its hash is kept. */
  key: string
  prefix: string
  expiresAt: Date
}

/**
 * Makes a key for `days` (365). Nobody gives a key what they may not do themselves. Throws `conflict` where a key of the
 * `id` is there already, as after a form that was sent twice.
 */
export async function createApiKey(
  ctx: Context,
  input: { id?: string; name: string; scopes: string[]; days?: number; ratePerMinute?: number },
): Promise<NewApiKey> {
  requirePermission(ctx, "apiKeys:write")
  const read = shape.safeParse(input)
  if (!read.success)
    throw new AppError("bad_request", `No such key can be made: ${z.prettifyError(read.error).replaceAll("\n", " ")}`)
  const { name, days, ratePerMinute } = read.data
  const scopes = [...new Set(read.data.scopes)]
  const beyond = scopes.filter((scope) => !isPermitted(ctx.actor, scope))
  if (beyond.length > 0) throw new AppError("forbidden", `You may not give what you do not have: ${beyond.join(", ")}.`)
  const { id = crypto.randomUUID() } = read.data
  const random = crypto.getRandomValues(new Uint8Array(32))
  const key = `ohq_${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`
  const prefix = key.slice(0, 12)
  const now = ctx.now()
  const expiresAt = new Date(now.getTime() + days * 86_400_000)
  await unlessThere(
    batch(ctx.db, [
      sql`insert into api_keys (id, name, prefix, key_hash, scopes, rate_per_minute, created_at, created_by, expires_at)
      values (${id}, ${name}, ${prefix}, ${await sha256(key)}, ${textArray(scopes)}, ${ratePerMinute},
        ${now.toISOString()}, ${actorLabel(ctx.actor) ?? actorName(ctx.actor)}, ${expiresAt.toISOString()})`,
      auditEntry(ctx, {
        action: "apiKey.created",
        subject: { type: "apiKey", id },
        after: { name, prefix, scopes, ratePerMinute, expiresAt },
      }),
    ]),
  )
  return { id, key, prefix, expiresAt }
}

const uniqueViolation = "23505"

async function unlessThere(writing: Promise<unknown>): Promise<void> {
  try {
    await writing
  } catch (thrown) {
    if (sqlState(thrown) !== uniqueViolation) throw thrown
    throw new AppError("conflict", "This key has been made already, and is shown once only. Make another one.")
  }
}
