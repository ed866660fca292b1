import { sql } from "drizzle-orm"
import type { PgTable } from "drizzle-orm/pg-core"
import type { Context } from "../../context.ts"
import { batch } from "../../db/batch.ts"
import { insertRows } from "../../db/bulk.ts"
import { cannedReplies, ticketCategories } from "../../db/schema/support.ts"
import { defaultCategories } from "./defaultCategories.ts"
import { defaultReplies } from "./defaultReplies.ts"

/** Categories and canned replies that Ops HQ ships with, where there are none at all: what staff took away stays away. */
export async function seedSupport(ctx: Context): Promise<void> {
  const ifNone = (table: PgTable, rows: object[]) => {
    const shipped = rows.map((row) => ({ ...row, version: 1, updatedAt: ctx.now() }))
    return sql`${insertRows(table, shipped).statement} where not exists (select from ${table}) on conflict do nothing`
  }
  await batch(ctx.db, [ifNone(ticketCategories, defaultCategories), ifNone(cannedReplies, defaultReplies)])
}
