import { desc } from "drizzle-orm"
import type { Context } from "../context.ts"
import { apiKeys } from "../db/schema/crm.ts"
import { requirePermission } from "../staff/requirePermission.ts"

/** Every key, newest first, without anything that opens. */
export async function listApiKeys(ctx: Context) {
  requirePermission(ctx, "apiKeys:read")
  const { id, name, prefix, scopes, ratePerMinute, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt } = apiKeys
  return ctx.db
    .select({ id, name, prefix, scopes, ratePerMinute, createdAt, createdBy, expiresAt, revokedAt, lastUsedAt })
    .from(apiKeys)
    .orderBy(desc(createdAt), desc(id))
    .limit(500)
}
