import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { sqlState } from "../db/sqlState.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "./auditEntry.ts"
import { requirePermission } from "./requirePermission.ts"

const uniqueViolation = "23505"

/**
 * Says which account in Discord is a member's of staff, empty for none: what they do there they do as themselves. Throws
 * `bad_request` for what is no id, `conflict` where it is somebody else's, `not_found`.
 */
export async function setDiscordAccount(
  ctx: Context,
  { id, discordUserId }: { id: string; discordUserId: string },
): Promise<void> {
  requirePermission(ctx, "staff:write")
  const account = discordUserId.trim()
  if (!/^(\d{17,20})?$/.test(account))
    throw new AppError(
      "bad_request",
      "An id in Discord has 17 to 20 digits. Switch on Developer Mode there to copy it.",
    )
  const value = account === "" ? null : account
  try {
    const [, changed] = await batch(ctx.db, [
      auditEntry(ctx, {
        action: "staff.discordLinked",
        subject: { type: "staff", id },
        after: { discord: value },
        where: sql`exists (select from staff where id = ${id} and discord_user_id is distinct from ${value})`,
      }),
      sql`update staff set discord_user_id = ${value} where id = ${id}`,
    ])
    if (changed?.rowCount === 0) throw new AppError("not_found", "There is no such member of staff.")
  } catch (thrown) {
    if (sqlState(thrown) !== uniqueViolation) throw thrown
    throw new AppError("conflict", "This account is somebody else's on the staff.")
  }
}
