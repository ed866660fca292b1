import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import { ticketCategories } from "../db/schema/support.ts"
import { parseSettings, selectSettings } from "../settings/readSettings.ts"
import type { Settings } from "../settings/settings.ts"

export type CategoryRow = typeof ticketCategories.$inferSelect

export interface SupportSetup {
  settings: Settings
  /** In their order; those that are switched off too. */
  categories: CategoryRow[]
}

/** What staff have set for tickets, for use inside a `db.batch`; `parseSupport` reads the two results. */
export const selectSupport = (db: Context["db"]) =>
  [
    selectSettings(db),
    db.select().from(ticketCategories).orderBy(sql`${ticketCategories.position}, ${ticketCategories.id}`),
  ] as const

export const parseSupport = (
  settingRows: Parameters<typeof parseSettings>[0],
  categories: CategoryRow[],
): SupportSetup => ({ settings: parseSettings(settingRows), categories })

export async function loadSupport(ctx: Context): Promise<SupportSetup> {
  const [settingRows, categories] = await ctx.db.batch(selectSupport(ctx.db))
  return parseSupport(settingRows, categories)
}
