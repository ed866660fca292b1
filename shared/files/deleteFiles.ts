import { sql } from "drizzle-orm"
import type { Context } from "../context.ts"
import type { FileStore } from "./fileStore.ts"

const atOnce = 100

/** Deletes files that nothing names any more. Returns how many. */
export async function deleteFiles(ctx: Context<{ files: FileStore }>): Promise<number> {
  const found = await ctx.db.execute<{ key: string }>(
    sql`select key from file_deletions where requested_at <= ${ctx.now().toISOString()}::timestamptz order by requested_at limit ${atOnce}`,
  )
  for (const { key } of found.rows) {
    await ctx.vendors.files.delete(key)
    await ctx.db.execute(sql`delete from file_deletions where key = ${key}`)
  }
  return found.rows.length
}
