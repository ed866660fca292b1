import type { SQL } from "drizzle-orm"
import type * as z from "zod/mini"
import type { Context } from "../context.ts"
import { AppError } from "../errors.ts"

/** The row that a statement brings. Throws `not_found` when it brings none. */
export async function oneRecord<Schema extends z.ZodMiniObject>(
  ctx: Context,
  statement: SQL,
  record: Schema,
  what: string,
): Promise<z.infer<Schema>> {
  const [row] = (await ctx.db.execute(statement)).rows
  if (!row) throw new AppError("not_found", `There is no such ${what}.`)
  return record.parse(row)
}
