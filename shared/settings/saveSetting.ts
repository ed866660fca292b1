import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { batch } from "../db/batch.ts"
import { jsonb } from "../db/bulk.ts"
import { sqlState } from "../db/sqlState.ts"
import { AppError } from "../errors.ts"
import { auditEntry } from "../staff/auditEntry.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { type SettingName, settingSchemas } from "./settings.ts"

/** SQLSTATE of the division by zero by which the batch below gives up. */
const changedMeanwhile = "22012"

/** What is wrong with a setting's value, by field. */
export type SettingProblems = Record<string, string>

/**
 * Keeps a setting. `seenAt` is when the value that the staff member saw had been kept, null for the default: throws
 * `conflict` when somebody has kept another one since. Returns what does not fit instead of keeping it.
 */
export async function saveSetting(
  ctx: Context,
  input: { name: SettingName; value: unknown; seenAt: Date | null },
): Promise<SettingProblems | null> {
  requirePermission(ctx, "settings:write")
  const { name, seenAt } = input
  const checked = settingSchemas[name].safeParse(input.value)
  if (!checked.success)
    return Object.fromEntries(checked.error.issues.map(({ path, message }) => [String(path[0] ?? ""), message]))
  const now = ctx.now().toISOString()
  try {
    await batch(ctx.db, [
      sql`select 1 / (case when (select date_trunc('milliseconds', updated_at) from settings where name = ${name} for update)
        is distinct from ${seenAt?.toISOString() ?? null}::timestamptz then 0 else 1 end)`,
      auditEntry(ctx, {
        action: "setting.changed",
        subject: { type: "setting", id: name },
        before: sql`(select value from settings where name = ${name})`,
        after: checked.data,
      }),
      sql`insert into settings (name, value, updated_at) values (${name}, ${jsonb(checked.data)}, ${now})
        on conflict (name) do update set value = excluded.value, updated_at = excluded.updated_at`,
    ])
  } catch (thrown) {
    if (sqlState(thrown) !== changedMeanwhile) throw thrown
    throw new AppError("conflict", "Somebody else has changed this setting meanwhile. Look at it again, then save.")
  }
  return null
}
