import type { Context } from "../context.ts"
import type { Database } from "../db/client.ts"
import { settings as settingsTable } from "../db/schema/webhooks.ts"
import { AppError } from "../errors.ts"
import { requirePermission } from "../staff/requirePermission.ts"
import { type Settings, settingSchemas } from "./settings.ts"

/** Every stored setting, for use inside a `db.batch`; `parseSettings` turns the rows into Settings. */
export const selectSettings = (db: Database) =>
  db.select({ name: settingsTable.name, value: settingsTable.value }).from(settingsTable)

/** Settings with when each was kept, null where the default holds. */
export async function loadSettings(ctx: Context): Promise<{ settings: Settings; keptAt: Map<string, Date> }> {
  requirePermission(ctx, "settings:read")
  const rows = await ctx.db.select().from(settingsTable)
  return { settings: parseSettings(rows), keptAt: new Map(rows.map(({ name, updatedAt }) => [name, updatedAt])) }
}

/** Stored rows over the defaults. Throws `misconfigured` naming the setting whose stored value does not fit. */
export function parseSettings(rows: { name: string; value: unknown }[]): Settings {
  const stored = new Map(rows.map((row) => [row.name, row.value]))
  const entries = Object.entries(settingSchemas).map(([name, schema]) => {
    const result = schema.safeParse(stored.get(name))
    if (result.success) return [name, result.data]
    const problems = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("; ")
    throw new AppError("misconfigured", `The stored setting "${name}" does not fit: ${problems}`)
  })
  return Object.fromEntries(entries) as Settings
}
