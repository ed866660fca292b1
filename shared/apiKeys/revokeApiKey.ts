import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"

/** From now on the key opens nothing. Doing it twice is doing it once. */
export async function revokeApiKey(ctx: Context, input: { id: string }): Promise<void> {
  requirePermission(ctx, "apiKeys:write")
  await batch(ctx.db, [
    auditEntry(ctx, {
      action: "apiKey.revoked",
      subject: { type: "apiKey", id: input.id },
      where: sql`exists (select from api_keys where id = ${input.id} and revoked_at is null)`,
    }),
    sql`update api_keys set revoked_at = ${ctx.now().toISOString()} where id = ${input.id} and revoked_at is null`,
  ])
}
